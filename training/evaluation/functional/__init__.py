"""
Functional tests in the manner of HateCheck (Röttger et al. 2021, arXiv:2012.15606).

Small sets of Vietnamese texts, each set about one thing that a model should be able to
do. We wrote them; no model ever learns from them or is tuned on them.
"""

from training.evaluation.functional.loading import (
    CapabilityTest,
    Case,
    Expectation,
    load_capabilities,
)
from training.evaluation.functional.running import Capability, run_functional

__all__ = [
    "Capability",
    "CapabilityTest",
    "Case",
    "Expectation",
    "load_capabilities",
    "run_functional",
]
