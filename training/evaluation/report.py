"""report.json: what was measured, on what, by which rules."""

import subprocess
from collections import Counter
from datetime import UTC, datetime
from importlib.metadata import version

from pydantic import BaseModel, ConfigDict

from kiemtin.bundle import Thresholds
from kiemtin.labels import Label
from kiemtin.scoring import Scorer
from training.evaluate import Figures, figures, flagged_shares, score_rows
from training.metrics import Figure
from training.recipe import TrainRecipe
from training.rows import Pool
from training.splits import Split

HEADLINES = (
    ("reintel", "unreliable.auc"),
    ("reintel", "unreliable.f1"),
    ("vihsd", "three_classes.macro_f1"),
    ("vihsd", "abusive.auc"),
    ("victsd", "abusive.f1"),
    ("vlsp2019_hsd", "three_classes.macro_f1"),
    ("safesense", "three_classes.macro_f1"),
    ("vispamreviews", "spam.macro_f1"),
    ("ie403_smishing", "scam.macro_f1"),
)
"""The figure by which each corpus is usually judged."""

VERSIONS = ("torch", "transformers", "onnxruntime", "tokenizers", "numpy")


class Report(BaseModel):
    """
    Everything measured on one bundle.

    ``splits`` holds, for dev and test, figures by corpus; ``without_diacritics`` the
    same on texts that lost them; ``flagged`` the shares of protected speech and of
    other benign text that the shipped thresholds flag. Thresholds and calibration
    were chosen on dev and on the dev half of protected speech, never on test.
    """

    model_config = ConfigDict(frozen=True)

    name: str
    version: str
    created: str
    code: str
    environment: dict[str, str]
    data_digest: str
    split_version: int
    rows: dict[str, dict[str, int]]
    set_aside: dict[str, int]
    left_out: dict[str, int] = {}
    headline: dict[str, float]
    """A few figures of the test split, for a first look."""
    splits: dict[str, Figures]
    without_diacritics: dict[str, Figures]
    flagged: dict[str, Figures]
    thresholds: dict[Label, Thresholds]
    meaning: str = (
        "Rows of one near-duplicate cluster are in one split. "
        "three_classes.macro_f1 reads hate where hate is flagged, else offensive where "
        "abusive is, else clean. Intervals: 95 %, bootstrap over rows."
    )

    def flat(self) -> dict[str, float]:
        """Return every figure under one name, for the tracker."""
        parts = {"": self.splits, "stripped.": self.without_diacritics}
        parts["flagged."] = self.flagged
        return {
            f"{prefix}{split}.{corpus}.{name}": figure.value
            for prefix, splits in parts.items()
            for split, corpora in splits.items()
            for corpus, found in corpora.items()
            for name, figure in found.items()
        }

    def figure(self, split: str, corpus: str, name: str) -> Figure:
        """Return one figure."""
        return self.splits[split][corpus][name]


def make_report(recipe: TrainRecipe, pool: Pool, scorer: Scorer) -> Report:
    """Measure *scorer* on the dev and test splits of *pool*."""
    splits, stripped, flagged = {}, {}, {}
    halves = {Split.DEV: Split.PROTECTED_DEV, Split.TEST: Split.PROTECTED_TEST}
    for name, protected in halves.items():
        scored = score_rows(scorer, pool.rows[name])
        splits[str(name)] = figures(scored)
        stripped[str(name)] = figures(
            score_rows(scorer, pool.rows[name], stripped=True)
        )
        flagged[str(name)] = flagged_shares(
            score_rows(scorer, pool.rows[protected]), scored
        )
    return Report(
        name=recipe.name,
        version=recipe.version,
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        code=_commit(),
        environment={v: version(v) for v in VERSIONS},
        data_digest=pool.digest,
        split_version=pool.split_version,
        rows={
            str(s): dict(Counter(r.corpus for r in rows))
            for s, rows in pool.rows.items()
        },
        set_aside=pool.set_aside,
        left_out=pool.left_out,
        headline=_headline(splits["test"], flagged["test"]),
        splits=splits,
        without_diacritics=stripped,
        flagged=flagged,
        thresholds=scorer.policy.thresholds,
    )


def _headline(splits: Figures, flagged: Figures) -> dict[str, float]:
    found = {
        f"test.{corpus}.{name}": splits[corpus][name].value
        for corpus, name in HEADLINES
        if name in splits.get(corpus, {})
    }
    shares = {f"test.{k}.flagged": v["any.flagged"].value for k, v in flagged.items()}
    return found | shares


def _commit() -> str:
    command = ["git", "describe", "--always", "--dirty"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return done.stdout.strip()
