"""What the gate judges by: measurements, and nothing else."""

from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict

from kiemtin.labels import Label
from training.evaluation.metrics import Figure
from training.promotion.chance import sign_test
from training.promotion.gaps import Gap


class Passed(BaseModel):
    """How a model does on a functional capability."""

    model_config = ConfigDict(frozen=True)

    cases: int
    failed: tuple[str, ...]
    """The ids of the cases that it does not pass."""


@dataclass(frozen=True, slots=True)
class Lost:
    """Functional cases that one of two models passes, and the other does not."""

    cases: int = 0
    fallen: int = 0
    """That only the champion passes."""
    risen: int = 0
    """That only the challenger passes."""

    def __add__(self, other: "Lost") -> "Lost":
        """Return both together."""
        return Lost(
            self.cases + other.cases,
            self.fallen + other.fallen,
            self.risen + other.risen,
        )

    @property
    def net(self) -> int:
        """How many fewer the challenger passes."""
        return self.fallen - self.risen

    @property
    def p_worse(self) -> float:
        """How likely as many fall by chance."""
        return sign_test(self.fallen, self.risen)


def lose(ours: Passed, theirs: Passed) -> Lost:
    """Return what the challenger, *ours*, loses against the champion on one capability."""
    now, before = set(ours.failed), set(theirs.failed)
    return Lost(ours.cases, len(now - before), len(before - now))


class Candidate(BaseModel):
    """
    What is measured of one bundle alone.

    Attributes:
        version: In the registry.
        digest: Of the bundle.
        data_digest: Of the splits that it was trained on.
        labels: In the order of its outputs.
        unproven: Why it does not prove itself, empty if it does.
        protected: The part of protected speech that any label flags.
        benign: The same of other benign text.
        functional: By capability.
    """

    model_config = ConfigDict(frozen=True)

    version: str
    digest: str
    data_digest: str
    labels: tuple[Label, ...]
    unproven: str = ""
    protected: Figure
    benign: Figure
    functional: dict[str, Passed] = {}


class Evidence(BaseModel):
    """
    A challenger, perhaps beside a champion, on the same frozen rows.

    Attributes:
        data_digest: Of the splits that both were measured on.
        corpora: Whose test rows.
        challenger: Who wants to be champion.
        champion: Who is, if there is one yet.
        overall: Challenger less champion.
        slices: The same by slice, of those with enough rows.
        floor: Challenger less the linear models of the floor, in AUC alone, where there
            is no champion.
    """

    model_config = ConfigDict(frozen=True)

    data_digest: str
    corpora: tuple[str, ...]
    challenger: Candidate
    champion: Candidate | None = None
    overall: Gap | None = None
    slices: dict[str, Gap] = {}
    floor: Gap | None = None
