"""Golden texts: a bundle proves on them that it still scores as when exported."""

from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError, model_validator

from kiemtin.errors import BundleCorruptError, BundleGoldenError, InputError
from kiemtin.labels import Label
from kiemtin.manifest import GOLDENS_FILE
from kiemtin.schemas import Item
from kiemtin.scoring import Scorer


class Golden(BaseModel):
    """A text and the scores that it got."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    text: str
    scores: dict[Label, float]

    @model_validator(mode="after")
    def _whole(self) -> "Golden":
        if set(self.scores) != set(Label):
            msg = "a label has no score"
            raise ValueError(msg)
        return self


def read_goldens(folder: Path) -> list[Golden]:
    """
    Return the goldens of a bundle.

    Raises:
        BundleCorruptError: If a line is not a golden, or there is none.
    """
    # Not splitlines: a text may hold a line separator of another kind.
    lines = (folder / GOLDENS_FILE).read_bytes().rstrip(b"\n").split(b"\n")
    try:
        goldens = [Golden.model_validate_json(line) for line in lines]
    except ValidationError as e:
        msg = f"{folder / GOLDENS_FILE} has a line that is not a golden"
        raise BundleCorruptError(msg) from e
    return goldens


def check_goldens(scorer: Scorer, goldens: list[Golden]) -> float:
    """
    Return the largest distance from the promised scores.

    Raises:
        BundleGoldenError: If it is more than the manifest allows.
    """
    tolerance = scorer.manifest.golden_tolerance
    worst = 0.0
    for golden in goldens:
        got = _scores_of(golden, scorer)
        for label, expected in golden.scores.items():
            distance = abs(got[label] - expected)
            worst = max(worst, distance)
            if not distance <= tolerance:
                msg = (
                    f"golden {golden.id} gets {got[label]:.4f} for {label}, not "
                    f"{expected:.4f}; at most {tolerance} apart are allowed"
                )
                raise BundleGoldenError(msg)
    return worst


def _scores_of(golden: Golden, scorer: Scorer) -> dict[Label, float]:
    try:
        return scorer.score(Item(golden.id, golden.text)).scores
    except InputError as e:
        msg = f"golden {golden.id} cannot be scored: {e}"
        raise BundleGoldenError(msg) from e
