"""Make the report of a bundle."""

import subprocess
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any, Protocol

from kiemtin.labels import Label
from training.evaluation.bias import bias
from training.evaluation.functional import run_functional
from training.evaluation.report import Report, headline
from training.evaluation.scored import figures, flagged_shares
from training.evaluation.scores import Scores
from training.evaluation.slice_figures import flagged_slices, measure_slices
from training.rows import Pool
from training.splits import Split

VERSIONS = ("torch", "transformers", "onnxruntime", "tokenizers", "numpy")
HALVES = {Split.DEV: Split.PROTECTED_DEV, Split.TEST: Split.PROTECTED_TEST}
"""Which half of protected speech belongs to which split."""
BOTH = tuple(HALVES)
STRIPPED = "stripped"


class Named(Protocol):
    """A recipe or a manifest."""

    @property
    def name(self) -> str:
        """What the bundle is called."""

    @property
    def version(self) -> str:
        """Which of its name it is."""


@dataclass(frozen=True, slots=True)
class Making:
    """What is known of how a bundle was made, before it is measured."""

    calibration_losses: Mapping[Label, Mapping[str, float]] = field(
        default_factory=dict
    )
    export: Mapping[str, Any] = field(default_factory=dict)


def make_report(
    named: Named,
    scores: Scores,
    *,
    splits: Sequence[Split] = BOTH,
    making: Making | None = None,
) -> Report:
    """
    Measure a bundle on whole splits, their slices, and our functional tests.

    Its digest is left to who measures a whole bundle: a report is a part of one.

    Args:
        named: Its recipe or its manifest.
        scores: The bundle, and the pool that it is measured on.
        splits: Dev, test or both, in the order in which they are told.
        making: What is known of how it was made.
    """
    pool, making = scores.pool, making or Making()
    found = {str(s): figures(scores.of(s)) for s in splits}
    flagged = {
        str(s): flagged_shares(scores.of(HALVES[s]), scores.of(s)) for s in splits
    }
    return Report(
        name=named.name,
        version=named.version,
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        code=_commit(),
        environment={v: version(v) for v in VERSIONS},
        data_digest=pool.digest,
        split_version=pool.split_version,
        rows=_count(pool),
        set_aside=pool.set_aside,
        left_out=pool.left_out,
        headline=headline(found, flagged, list(map(str, splits))),
        splits=found,
        without_diacritics={str(s): figures(scores.of(s, STRIPPED)) for s in splits},
        flagged=flagged,
        slices={str(s): measure_slices(scores.of(s)) for s in splits},
        protected_slices={str(s): flagged_slices(scores.of(HALVES[s])) for s in splits},
        bias={str(s): bias(scores.of(s), scores.of(HALVES[s])) for s in splits},
        functional=run_functional(scores.scorer),
        thresholds=scores.scorer.policy.thresholds,
        calibration_losses={x: dict(y) for x, y in making.calibration_losses.items()},
        export=dict(making.export),
    )


def _count(pool: Pool) -> dict[str, dict[str, int]]:
    return {
        str(s): dict(Counter(r.corpus for r in rows)) for s, rows in pool.rows.items()
    }


def _commit() -> str:
    command = ["git", "describe", "--always", "--dirty"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return done.stdout.strip()
