"""How much there is to do, and how much was done today."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from statistics import median

from serving.db import Clocks, Judgement, Judgements, Load, Loads, Session
from serving.review.outcomes import Stage
from serving.review.policy import ReviewPolicy


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueLoad:
    """
    One queue.

    Attributes:
        load: What is open in it; None if nothing is.
        n_adjudication: Of the open cases, those that wait for a lead.
        clocks_overdue: How many of each origin wait for longer than they should.
        n_decisions: Answers today.
        median_s: How long people say that they looked at one.
    """

    queue: str
    load: Load | None
    n_adjudication: int
    clocks_overdue: dict[str, int]
    n_decisions: int
    median_s: float | None


def load_of(
    session: Session,
    policy: ReviewPolicy,
    queues: Collection[str] | None,
    now: datetime,
) -> list[QueueLoad]:
    """Return the load of *queues* (None for all), in the order of the policy."""
    loads = Loads(session)
    every = {x.queue: x for x in loads.of(queues, list(Stage), now)}
    led = {x.queue: x for x in loads.of(queues, [Stage.ADJUDICATION], now)}
    late = Clocks(session).overdue(queues, now)
    today = _by_queue(session, now)
    names = [x.name for x in policy.queues if queues is None or x.name in queues]
    names += sorted(set(every) - set(names))
    return [
        QueueLoad(
            queue=name,
            load=every.get(name),
            n_adjudication=_n_open(led.get(name)),
            clocks_overdue=dict(late.get(name, {})),
            n_decisions=len(today[name]),
            median_s=_median_s(today[name]),
        )
        for name in names
    ]


def _by_queue(session: Session, now: datetime) -> dict[str, list[Judgement]]:
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    found = defaultdict(list)
    for x in Judgements(session).between(midnight, now):
        found[x.facts.get("queue", "")].append(x)
    return found


def _n_open(load: Load | None) -> int:
    return load.n_waiting + load.n_held if load else 0


def _median_s(answers: Collection[Judgement]) -> float | None:
    times = [x.spent_s for x in answers if x.spent_s is not None]
    return median(times) if times else None
