"""What the gate judges by: measurements, and nothing else."""

from pydantic import BaseModel, ConfigDict

from kiemtin.labels import Label
from training.evaluation.metrics import Figure
from training.promotion.gaps import Gap


class Passed(BaseModel):
    """How many cases of a functional capability a model passes."""

    model_config = ConfigDict(frozen=True)

    cases: int
    passed: int


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
