"""What was done in a time, in numbers that anybody may read: of no person, no text."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from kiemtin.labels import Label
from serving.db import Judgements, Session
from serving.db.tallies import CaseFact, PostCounts, Tallies
from serving.review.counting import Proportion
from serving.review.figures import (
    AppealFigures,
    CaseFigures,
    DecisionCount,
    DecisionFigures,
    PostFigures,
    Report,
    RequestFigures,
)
from serving.review.outcomes import PROTECTED, UPHOLDING, Kind, Origin, State
from serving.review.overturns import overturns_of
from serving.review.tallying import ALL, Made, Said

__all__ = ["Report", "report"]

ASKED = (Origin.USER_REPORT, Origin.AUTHORITY)
"""Who is owed an answer by a clock of their own."""
UNLABELLED = "none"
MACHINE, AUDIT = "machine", "audit"


def report(session: Session, since: datetime, until: datetime) -> Report:
    """Return what was done from *since* to before *until*."""
    tallies, judgements = Tallies(session), Judgements(session)
    made = Made.of(tallies.answers(since, until), judgements.right_answers())
    cases = Counter(map(_held_of, tallies.cases(since, until)))
    n_filed, n_open = tallies.appeals_filed(since, until)
    answered = overturns_of(judgements.appeals(since, until))
    return Report(
        since=since,
        until=until,
        posts=_posts(tallies.posts(since, until)),
        cases=_cases(cases),
        requests={x.value: _requests(cases, x) for x in ASKED},
        decisions=_decisions(made),
        appeals=AppealFigures(n_filed=n_filed, n_open=n_open, answered=answered),
        precision=_precision(made),
        missed=made.share(
            lambda x: x.is_audit and not x.is_reversed, lambda x: x.kind == Kind.UPHOLD
        ),
        goldens=made.goldens,
    )


def _posts(counts: PostCounts) -> PostFigures:
    n = sum(counts.by_origin.values())
    return PostFigures(
        n_received=n,
        by_origin=_by_origin(counts.by_origin),
        n_flagged=counts.n_flagged,
        n_reported=counts.n_reported,
        n_flagged_and_reported=counts.n_both,
        never_seen=Proportion(n, n - counts.n_seen),
        n_copies_seen=counts.n_seen - counts.n_cases_seen,
    )


@dataclass(frozen=True, slots=True)
class _Held:
    """What cases have in common; ``on_time`` has those origins that were answered."""

    origin: str
    source: str
    asked: frozenset[str]
    is_open: bool
    outcome: str | None
    on_time: frozenset[tuple[str, bool]]


def _held_of(case: CaseFact) -> _Held:
    on_time: frozenset[tuple[str, bool]] = frozenset()
    if case.outcome is not None and (at := case.decided_at) is not None:
        ends = case.clocks.items()
        on_time = frozenset((x, at <= datetime.fromisoformat(y)) for x, y in ends)
    return _Held(
        origin=case.origin,
        source=_source_of(case),
        asked=frozenset((case.origin, *case.clocks)),
        is_open=case.state == State.OPEN,
        outcome=case.outcome,
        on_time=on_time,
    )


def _source_of(case: CaseFact) -> str:
    if case.flagged:
        return MACHINE
    if case.is_audit:
        return AUDIT
    is_asked = Origin.AUTHORITY in (case.origin, *case.clocks)
    return Origin.AUTHORITY.value if is_asked else Origin.USER_REPORT.value


def _cases(cases: Counter[_Held]) -> CaseFigures:
    origins, sources = Counter[str](), Counter[str]()
    for x, n in cases.items():
        origins[x.origin] += n
        sources[x.source] += n
    named = (MACHINE, Origin.USER_REPORT.value, Origin.AUTHORITY.value, AUDIT)
    return CaseFigures(
        n_opened=cases.total(),
        n_open=sum(n for x, n in cases.items() if x.is_open),
        by_origin=_by_origin(origins),
        by_source={x: sources[x] for x in named},
    )


def _requests(cases: Counter[_Held], origin: Origin) -> RequestFigures:
    asked = {x: n for x, n in cases.items() if origin in x.asked}
    outcomes, on_time = Counter[str](), Counter[bool]()
    for x, n in asked.items():
        if x.outcome is not None:
            outcomes[x.outcome] += n
        for is_on_time in (True, False):
            on_time[is_on_time] += n * ((origin, is_on_time) in x.on_time)
    n_upheld = sum(n for x, n in outcomes.items() if x in UPHOLDING)
    return RequestFigures(
        n_cases=sum(asked.values()),
        n_open=sum(n for x, n in asked.items() if x.is_open),
        n_upheld=n_upheld,
        n_dismissed=outcomes.total() - n_upheld,
        outcomes=dict(sorted(outcomes.items())),
        on_time=Proportion(on_time.total(), on_time[True]),
    )


def _decisions(made: Made) -> DecisionFigures:
    regular = {x: n for x, n in made.n.items() if not x.is_audit}
    n_upheld = sum(n for x, n in regular.items() if x.kind == Kind.UPHOLD)
    n = sum(regular.values())
    return DecisionFigures(
        n=n,
        n_posts=sum(made.n_posts[x] for x in regular),
        n_upheld=n_upheld,
        n_dismissed=n - n_upheld,
        n_protected=sum(n for x, n in regular.items() if x.outcome in PROTECTED),
        reversed=made.share(lambda x: not x.is_audit, lambda x: x.is_reversed),
        n_reversals=made.n_reversals,
        counts=_counts(made, regular),
        times={x: made.times(x) for x in (ALL, *(x.value for x in Origin))},
    )


def _counts(made: Made, regular: Iterable[Said]) -> tuple[DecisionCount, ...]:
    n = Counter[tuple[str, str, str, str]]()
    n_posts = Counter[tuple[str, str, str, str]]()
    for x in regular:
        # Those that were upheld, or those of the flag that was dismissed.
        for label in x.labels or x.flagged or (UNLABELLED,):
            key = (label, x.kind, x.outcome, x.reason_code)
            n[key] += made.n[x]
            n_posts[key] += made.n_posts[x]
    return tuple(DecisionCount(*key, n[key], n_posts[key]) for key in sorted(n))


def _precision(made: Made) -> dict[str, Proportion]:
    overall = made.share(_is_drawn, lambda x: x.kind == Kind.UPHOLD)
    return {ALL: overall} | {x.value: _precision_of(made, x.value) for x in Label}


def _precision_of(made: Made, label: str) -> Proportion:
    return made.share(
        lambda x: _is_drawn(x) and label in x.flagged, lambda x: label in x.labels
    )


def _is_drawn(said: Said) -> bool:
    return said.is_random and bool(said.flagged) and not said.is_reversed


def _by_origin(counts: Mapping[str, int]) -> dict[str, int]:
    return {x.value: counts.get(x.value, 0) for x in Origin}
