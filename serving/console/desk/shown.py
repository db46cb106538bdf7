"""From what is known of a case to what its page draws."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from kiemtin.labels import Label
from kiemtin.schemas import ReasonOut
from serving.console.desk.words import Words
from serving.console.view import Piece, pieces_of, printable
from serving.db import Decision
from serving.review.outcomes import DISMISSING, UPHOLDING, Outcome
from serving.review.policy import Clause, Reason, ReviewPolicy
from serving.review.reversing import UNDO
from serving.review.seen import CaseView, LabelShown, Mark

OUTCOME_KEYS = dict(zip((*UPHOLDING, *DISMISSING), "1234567890", strict=True))
"""The key of each outcome on the keyboard."""
MOST_CHARS = 2_000
"""The longest note and comment."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One label with its probability."""

    label: Label
    percent: str
    width: float
    tick: float | None
    urgent_tick: float | None
    says: str
    description: str
    flagged: bool


@dataclass(frozen=True, slots=True)
class Choice:
    """An outcome with its key."""

    value: str
    key: str
    name: str
    meaning: str


@dataclass(frozen=True, slots=True)
class ReasonsOf:
    """What may be the reason of an outcome."""

    outcome: str
    name: str
    reasons: Sequence[Reason]


@dataclass(frozen=True, slots=True)
class Names:
    """What codes of the review policy are called in one language."""

    queues: dict[str, str]
    clauses: dict[str, str]
    reasons: dict[str, str]

    @classmethod
    def of(cls, policy: ReviewPolicy, words: Words) -> "Names":
        """Return those of *policy* in the language of *words*."""

        def said(parts: Sequence[Any], name: str = "code") -> dict[str, str]:
            return {getattr(x, name): getattr(x, words.lang) for x in parts}

        return cls(
            said(policy.queues, "name"), said(policy.clauses), said(policy.reasons)
        )


@dataclass(frozen=True, slots=True)
class Done:
    """What was just decided, and whether it can be taken back."""

    id: str
    outcome: str
    n_posts: int
    waits: bool
    may_undo: bool

    @classmethod
    def of(cls, decision: Decision, person: str, now: datetime) -> "Done | None":
        """Return *decision* as its maker sees it; others see nothing of it."""
        if decision.person != person:
            return None
        return cls(
            decision.id,
            decision.outcome,
            decision.n_posts,
            not decision.is_final and decision.stage == "first",
            now - decision.created_at < UNDO,
        )


def pieces(view: CaseView) -> list[Piece]:
    """Cut the text of the post where a marked word begins or ends."""
    return pieces_of(printable(view.text or ""), [_reason(x) for x in view.marks])


def reasons(view: CaseView, words: Words) -> list[tuple[Label, list[tuple[str, str]]]]:
    """Return the marked words under the labels that they moved."""
    by_label = {
        label: [
            (printable(x.text), words.points(x.weight))
            for x in view.marks
            if x.label == label
        ]
        for label in Label
    }
    return [(label, found) for label, found in by_label.items() if found]


def bars(view: CaseView, words: Words) -> list[Bar]:
    """Return a bar for each label, none where they are hidden."""
    return [_bar(x, words) for x in view.labels or ()]


def clocks(view: CaseView) -> list[tuple[str, datetime]]:
    """Return when each origin is owed an answer, the first one first."""
    found = [(k, datetime.fromisoformat(x)) for k, x in view.clocks.items()]
    return sorted(
        ((k, x if x.tzinfo else x.replace(tzinfo=UTC)) for k, x in found),
        key=lambda x: x[1],
    )


def context(view: CaseView) -> list[tuple[str, str]]:
    """Return what came with the post."""
    return [(k, printable(str(x))) for k, x in (view.context or {}).items() if x]


def opens(address: str | None) -> bool:
    """Say whether *address* may be a link: of the web, and nothing else."""
    if not address:
        return False
    try:
        return urlsplit(address).scheme in {"http", "https"}
    except ValueError:
        return False


def outcome_groups(words: Words) -> list[tuple[str, str, list[Choice]]]:
    """Return the outcomes that uphold a flag, and those that dismiss it."""
    decide = words.decide
    return [
        (decide.uphold, "uphold", [_choice(x, words) for x in UPHOLDING]),
        (decide.dismiss, "dismiss", [_choice(x, words) for x in DISMISSING]),
    ]


def reasons_of(policy: ReviewPolicy, words: Words) -> list[ReasonsOf]:
    """Return what may be the reason of each outcome."""
    return [
        ReasonsOf(x.value, words.outcomes[x][0], policy.reasons_for(x))
        for x in (*UPHOLDING, *DISMISSING)
    ]


def ways_out(
    policy: ReviewPolicy, words: Words
) -> list[tuple[str, str, str, str, Sequence[Reason]]]:
    """Return how else a case is left: address, key, name, question, reasons."""
    decide = words.decide
    return [
        ("skip", "k", decide.skip, decide.skip_reason, policy.reasons_for("skip")),
        (
            "escalate",
            "e",
            decide.escalate,
            decide.escalate_reason,
            policy.reasons_for("escalate"),
        ),
    ]


def only_clause(policy: ReviewPolicy, flagged: Sequence[str]) -> str:
    """Return the clause that flagged labels leave, nothing if there are several."""
    fitting = [x for x in policy.clauses if set(flagged) & set(x.labels)]
    return fitting[0].code if len(fitting) == 1 else ""


def clauses(policy: ReviewPolicy, flagged: Sequence[str]) -> list[Clause]:
    """Return all clauses, those of *flagged* labels first."""
    return sorted(policy.clauses, key=lambda x: not set(flagged) & set(x.labels))


def _choice(outcome: Outcome, words: Words) -> Choice:
    name, meaning = words.outcomes[outcome]
    return Choice(outcome.value, OUTCOME_KEYS[outcome], name, meaning)


def _reason(mark: Mark) -> ReasonOut:
    return ReasonOut(
        label=Label(mark.label),
        start=mark.start,
        end=mark.end,
        text=mark.text,
        weight=mark.weight,
    )


def _bar(shown: LabelShown, words: Words) -> Bar:
    percent = words.percent(shown.probability)
    review, urgent = words.percent(shown.threshold), words.percent(shown.urgent)
    said = []
    if shown.threshold is not None:
        said.append(words.case.threshold.format(review=review, urgent=urgent))
    if shown.calibration is not None:
        said.append(words.case.calibration.format(name=shown.calibration))
    return Bar(
        label=shown.label,
        percent=percent,
        width=round(100 * shown.probability, 2),
        tick=_tick(shown.threshold),
        urgent_tick=_tick(shown.urgent),
        says=", ".join(said),
        description=words.case.bar.format(
            name=words.labels[shown.label], percent=percent, review=review
        ),
        flagged=shown.flagged,
    )


def _tick(share: float | None) -> float | None:
    return None if share is None else round(100 * share, 2)
