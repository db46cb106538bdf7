"""The import contracts of pyproject.toml, once more at run time."""

import json
import subprocess
import sys

import pytest

from tests.fixtures.checkout import heavy_modules

MODULES = (
    "kiemtin.scoring",
    "kiemtin.cli",
    "serving.app",
    "serving.cli",
    "training.cli",
)


def loaded_by(module: str) -> set[str]:
    """Return the modules that a fresh interpreter has after importing *module*."""
    code = f"import json, sys, {module}; print(json.dumps(list(sys.modules)))"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    return set(json.loads(out.stdout))


@pytest.mark.parametrize("module", MODULES)
def test_import_stays_light(module: str) -> None:
    """Neither what serves nor a command's help loads the training stack."""
    assert heavy_modules().isdisjoint(loaded_by(module))


def test_a_heavy_import_would_be_seen() -> None:
    """The stack is installed where the tests run, so its absence above means something."""
    assert "onnx" in heavy_modules() & loaded_by("onnx")


def test_help_needs_no_runtime() -> None:
    """The command line answers before ONNX Runtime is loaded."""
    assert "onnxruntime" not in loaded_by("kiemtin.cli")
