"""How posts are reviewed, as a file says: queues, clauses, reasons, shares, deadlines."""

import hashlib
import tomllib
from collections.abc import Iterable
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from kiemtin.labels import Label, Recommendation
from serving.errors import ReasonNotAllowedError, ReviewPolicyError
from serving.review.outcomes import Outcome

PACKAGED = Path(__file__).with_name("policy.toml")

Share = Annotated[float, Field(ge=0, le=1)]
Hours = Annotated[float, Field(gt=0, le=24 * 365)]
Code = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_.]{0,63}$")]
Act = Outcome | Literal["skip", "escalate"]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Opening(_Part):
    """When a post becomes a case."""

    flagged: bool
    reports: int = Field(ge=0)
    authority: bool
    audit_share: Share


class DeadlineHours(_Part):
    """How soon a case should be decided, by the recommendation."""

    review_urgent: Hours
    review: Hours
    none: Hours

    def of(self, recommendation: Recommendation) -> float:
        """Return the hours for one recommendation."""
        return float(getattr(self, recommendation.value))


class ClockHours(_Part):
    """How soon an origin is owed an answer."""

    user_report: Hours
    authority: Hours


class PriorityTerms(_Part):
    """What the order of a queue depends on, besides probability and severity."""

    age_doubles_h: Hours
    spread_most: float = Field(ge=1)


class ClusterTerms(_Part):
    """How many copies one decision is for."""

    most_posts: int = Field(ge=1)
    most_days: int = Field(ge=1)


class LeaseTerms(_Part):
    """How long a case is somebody's, and how many of one author."""

    seconds: int = Field(ge=1, le=86_400)
    author_most_a_day: int = Field(ge=1)


class Shares(_Part):
    """Parts of what is served, drawn at random."""

    random: Share
    double: Share
    golden: Share
    blind: Share


class Queue(_Part):
    """Where cases wait together; a rule that is empty holds for all."""

    name: Code
    vi: str
    en: str
    labels: tuple[Label, ...] = ()
    languages: tuple[Literal["vi", "other"], ...] = ()
    recommendations: tuple[Recommendation, ...] = ()

    def takes(
        self, label: Label | None, language: str, recommendation: Recommendation
    ) -> bool:
        """Say whether such a case goes here."""
        return (
            (not self.labels or label in self.labels)
            and (not self.languages or language in self.languages)
            and (not self.recommendations or recommendation in self.recommendations)
        )


class Clause(_Part):
    """A rule of the house that a post may break."""

    code: Code
    labels: tuple[Label, ...]
    vi: str
    en: str


class Reason(_Part):
    """Why something is decided; with ``note`` it must be said in words, too."""

    code: Code
    outcomes: tuple[Act, ...]
    vi: str
    en: str
    note: bool = False


class ReviewPolicy(_Part):
    """The whole file; see ``policy.toml`` for what each number means."""

    version: Annotated[str, Field(min_length=1, max_length=64)]
    opening: Opening
    deadline_h: DeadlineHours
    clock_h: ClockHours
    priority: PriorityTerms
    cluster: ClusterTerms
    lease: LeaseTerms
    shares: Shares
    queues: tuple[Queue, ...] = Field(min_length=1)
    clauses: tuple[Clause, ...] = Field(min_length=1)
    reasons: tuple[Reason, ...] = Field(min_length=1)

    @classmethod
    def read(cls, path: Path = PACKAGED) -> Self:
        """
        Return the policy in the file *path*.

        Raises:
            ReviewPolicyError: If there is none, or it cannot be used.
        """
        try:
            return cls.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
        except ValidationError as e:
            first = e.errors()[0]
            where = ".".join(map(str, first["loc"]))
            msg = f"{path}: {where}: {first['msg']}"
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as e:
            msg = f"{path}: {e}"
        raise ReviewPolicyError(msg)

    @cached_property
    def digest(self) -> str:
        """SHA-256 of all that it says."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()

    def route(
        self, label: Label | None, language: str, recommendation: Recommendation
    ) -> Queue:
        """Return the first queue whose rules hold; there is always one."""
        return next(x for x in self.queues if x.takes(label, language, recommendation))

    def reasons_for(self, act: Act) -> list[Reason]:
        """Return what may be said for *act*."""
        return [x for x in self.reasons if act in x.outcomes]

    def check_reason(self, act: Act, code: str, note: str | None = None) -> None:
        """
        Let *code* be the reason of *act*.

        Raises:
            ReasonNotAllowedError: If it is not one, or must be said in words, too.
        """
        allowed = self.reasons_for(act)
        reason = next((x for x in allowed if x.code == code), None)
        if reason is None:
            codes = ", ".join(x.code for x in allowed)
            msg = f"no such reason for {act}; it has {codes}"
            raise ReasonNotAllowedError(msg)
        if reason.note and not (note or "").strip():
            msg = f"the reason {code} needs a note"
            raise ReasonNotAllowedError(msg)

    def check_clause(self, code: str | None, labels: Iterable[Label]) -> None:
        """
        Let *code* be the clause that a post with *labels* breaks.

        Raises:
            ReasonNotAllowedError: If it is none of these labels.
        """
        wanted = set(labels)
        allowed = [x.code for x in self.clauses if wanted & set(x.labels)]
        if code not in allowed:
            msg = f"the clause must be one of {', '.join(allowed) or 'none'}"
            raise ReasonNotAllowedError(msg)

    @model_validator(mode="after")
    def _is_complete(self) -> Self:
        last = self.queues[-1]
        if last.labels or last.languages or last.recommendations:
            msg = "the last queue must take whatever is left: let it have no rule"
            raise ValueError(msg)
        for what, codes in (
            ("queues", [x.name for x in self.queues]),
            ("clauses", [x.code for x in self.clauses]),
            ("reasons", [x.code for x in self.reasons]),
        ):
            if len(set(codes)) < len(codes):
                msg = f"two {what} have one name"
                raise ValueError(msg)
        for act in (*Outcome, "skip", "escalate"):
            if not self.reasons_for(act):
                msg = f"there is no reason for {act}"
                raise ValueError(msg)
        return self
