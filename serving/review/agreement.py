"""How far people agree: with one another, with known answers, with the machine."""

from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import median
from typing import TypeVar

from kiemtin.labels import Label
from serving.db import AnsweredAppeal, Judgement, Judgements, Session
from serving.review.counting import Alpha, Proportion
from serving.review.outcomes import Kind, Origin, Stage
from serving.review.overturns import Overturns, overturns_of
from serving.review.policy import ReviewPolicy

GOLDEN = "golden"
"""The stage of an answer to a golden item."""

Pair = tuple[Judgement, Judgement]
_Counted = TypeVar("_Counted", Judgement, AnsweredAppeal)


@dataclass(frozen=True, slots=True)
class PersonFigures:
    """
    The work of one person, by their pseudonym; it ranks nobody.

    Attributes:
        n_decisions: Their answers, golden items left out.
        n_days: The days on which they gave any.
        median_s: How long they say that they looked at one; None if they never said.
        alpha: Of their answers and those of the other one, in double reviews.
        golden: Answers to golden items that were right.
        reversed: Their final decisions that somebody else took back.
    """

    person: str
    n_decisions: int
    n_days: int
    median_s: float | None
    alpha: Alpha
    golden: Proportion
    reversed: Proportion


@dataclass(frozen=True, slots=True)
class Agreement:
    """
    How far people agreed in a time.

    Attributes:
        double_share: The part of first answers for which a second one is asked.
        kinds: Of double reviews: whether both upheld, or both dismissed.
        outcomes: Whether they named the same outcome.
        labels: Whether they upheld the same label, for each.
        people: Those who answered, in the order of their pseudonyms.
        precision: Of the flags of each label, those that a standing decision
            upheld; only of cases drawn at random, so that the order of the queue is no matter.
        sources: Standing decisions that uphold, by what brought the case: ``machine``,
            ``user_report``, ``authority``, or the random ``audit`` of what was not
            flagged.
        sight: First answers that agree with the machine, ``blind`` and ``seen``.
        appeals: Those that were answered.
    """

    since: datetime
    until: datetime
    double_share: float
    kinds: Alpha
    outcomes: Alpha
    labels: dict[str, Alpha]
    people: list[PersonFigures]
    precision: dict[str, Proportion]
    sources: dict[str, Proportion]
    sight: dict[str, Proportion]
    appeals: Overturns


def agreement(
    session: Session,
    policy: ReviewPolicy,
    since: datetime,
    until: datetime,
    queues: Collection[str] | None = None,
) -> Agreement:
    """
    Return how far people agreed from *since* to before *until*.

    Args:
        session: Of the database.
        policy: Says how often two people answer.
        since: From when.
        until: To before when.
        queues: Those whose cases count; None for all of them.
    """
    judgements = Judgements(session)
    answers = _within(judgements.between(since, until), queues)
    paired = _within(judgements.of_pairs(since, until), queues)
    pairs = pairs_of(paired, since, until)
    known = judgements.right_answers()
    right = [(x, _is_right(x, known)) for x in answers if x.stage == GOLDEN]
    return Agreement(
        since=since,
        until=until,
        double_share=policy.shares.double,
        kinds=_alpha(pairs, lambda x: x.kind),
        outcomes=_alpha(pairs, lambda x: x.outcome),
        labels={x.value: _alpha(pairs, _upholds(x)) for x in Label},
        people=_people(answers, pairs, right),
        precision={x.value: _precision(answers, x) for x in Label},
        sources=_sources(answers),
        sight=_sight(answers),
        appeals=overturns_of(_within(judgements.appeals(since, until), queues)),
    )


def pairs_of(
    answers: Iterable[Judgement], since: datetime, until: datetime
) -> list[Pair]:
    """Return first and second answers to one case, the second in that time."""
    first: dict[str, Judgement] = {}
    pairs = []
    for x in answers:
        if x.stage == Stage.FIRST:
            first[x.case_id] = x
        elif x.stage == Stage.SECOND and x.case_id in first:
            one = first.pop(x.case_id)
            if since <= x.created_at < until:
                pairs.append((one, x))
    return pairs


def source_of(judgement: Judgement) -> str:
    """Return what brought a case to review."""
    if judgement.facts.get("flagged"):
        return "machine"
    if judgement.facts.get("is_audit"):
        return "audit"
    is_asked = judgement.facts.get("origin") == Origin.AUTHORITY
    return Origin.AUTHORITY.value if is_asked else Origin.USER_REPORT.value


def _within(
    found: Iterable[_Counted], queues: Collection[str] | None
) -> list[_Counted]:
    return [x for x in found if queues is None or x.facts.get("queue") in queues]


def _stands(answer: Judgement) -> bool:
    return answer.is_final and not answer.is_reversed


def _upholds(label: Label) -> Callable[[Judgement], bool]:
    return lambda x: x.kind == Kind.UPHOLD and label in x.labels


def _alpha(pairs: Sequence[Pair], said: Callable[[Judgement], Hashable]) -> Alpha:
    return Alpha.of([(said(a), said(b)) for a, b in pairs])


def _is_right(answer: Judgement, known: dict[str, tuple[str, frozenset[str]]]) -> bool:
    kind, labels = known[answer.facts[GOLDEN]]
    return answer.kind == kind and (kind != Kind.UPHOLD or bool(labels & answer.labels))


def _people(
    answers: Sequence[Judgement],
    pairs: Sequence[Pair],
    right: Sequence[tuple[Judgement, bool]],
) -> list[PersonFigures]:
    theirs = defaultdict(list)
    for x in answers:
        theirs[x.person].append(x)
    return [
        _person(
            person,
            [x for x in theirs[person] if x.stage != GOLDEN],
            [x for x in pairs if person in {x[0].person, x[1].person}],
            Proportion.of(is_right for x, is_right in right if x.person == person),
        )
        for person in sorted(theirs)
    ]


def _person(
    person: str,
    answers: Sequence[Judgement],
    pairs: Sequence[Pair],
    golden: Proportion,
) -> PersonFigures:
    times = [x.spent_s for x in answers if x.spent_s is not None]
    return PersonFigures(
        person=person,
        n_decisions=len(answers),
        n_days=len({x.created_at.date() for x in answers}),
        median_s=median(times) if times else None,
        alpha=_alpha(pairs, lambda x: x.kind),
        golden=golden,
        reversed=Proportion.of(x.is_reversed for x in answers if x.is_final),
    )


def _precision(answers: Iterable[Judgement], label: Label) -> Proportion:
    upholds = _upholds(label)
    return Proportion.of(
        upholds(x)
        for x in answers
        if _stands(x)
        and x.facts.get("drawn") == "random"
        and label in x.facts.get("flagged", ())
    )


def _sources(answers: Iterable[Judgement]) -> dict[str, Proportion]:
    found = defaultdict(list)
    for x in answers:
        if _stands(x):
            found[source_of(x)].append(x.kind == Kind.UPHOLD)
    return {key: Proportion.of(found[key]) for key in sorted(found)}


def _sight(answers: Iterable[Judgement]) -> dict[str, Proportion]:
    firsts = [x for x in answers if x.stage == Stage.FIRST]
    return {
        name: Proportion.of(_follows(x) for x in firsts if x.is_blind is is_blind)
        for name, is_blind in (("blind", True), ("seen", False))
    }


def _follows(answer: Judgement) -> bool:
    return bool(answer.facts.get("flagged")) == (answer.kind == Kind.UPHOLD)
