"""How the next case of a person is chosen: by rank, or now and then by chance."""

from collections.abc import Collection
from datetime import timedelta
from enum import StrEnum
from random import Random, SystemRandom

from kiemtin.labels import Label, Recommendation
from kiemtin.policy import SEVERITIES
from serving.db import Candidates, Case, Cases, Golden, Goldens, Leases, Wanted, Work
from serving.review.outcomes import Origin, Stage, State
from serving.review.people import Reviewer
from serving.review.policy import ReviewPolicy
from serving.review.priority import Priority

Chance = Random
SYSTEM_CHANCE: Chance = SystemRandom()


class Drawn(StrEnum):
    """How a case came to a person."""

    PRIORITY = "priority"
    RANDOM = "random"
    GOLDEN = "golden"
    ASKED = "asked"


class Drawing:
    """
    Chooses cases, which are locked then.

    Args:
        work: What the choice is a part of.
        policy: Says how much is left to chance.
        chance: That chance.
    """

    def __init__(self, work: Work, policy: ReviewPolicy, chance: Chance) -> None:
        self._work = work
        self._policy = policy
        self._chance = chance
        self._candidates = Candidates(work.session)

    def draw(
        self, who: Reviewer, queues: Collection[str] | None
    ) -> tuple[Case, Drawn] | None:
        """Return a case of *queues* that *who* may have now, and how it was found."""
        shares = self._policy.shares
        if self._chance.random() < shares.golden:
            case = self._golden(who, queues)
            if case is not None:
                return case, Drawn.GOLDEN
        wanted = self._wanted(who, queues)
        if self._chance.random() < shares.random:
            drawn, case = Drawn.RANDOM, self._by_chance(wanted)
        else:
            drawn, case = Drawn.PRIORITY, self._candidates.by_rank(wanted)
        return (case, drawn) if case else None

    def _by_chance(self, wanted: Wanted) -> Case | None:
        return self._candidates.by_chance(wanted, self._chance.random())

    def _wanted(self, who: Reviewer, queues: Collection[str] | None) -> Wanted:
        stages = [x for x in Stage if who.is_lead or x is not Stage.ADJUDICATION]
        most = self._policy.lease.author_most_a_day
        now = self._work.now
        seen = Leases(self._work.session).authors_seen(who.person, now, most)
        return Wanted(
            person=who.person, queues=queues, stages=stages, authors_seen=seen, now=now
        )

    def _golden(self, who: Reviewer, queues: Collection[str] | None) -> Case | None:
        """Return a golden item as a case of *who* alone; None if there is none left."""
        offered = self._candidates.goldens(who.person, queues)
        if not offered:
            return None
        chosen = self._chance.choice(offered)
        cases = Cases(self._work.session)
        if chosen.case_id is not None:
            return cases.lock(chosen.case_id)
        golden = Goldens(self._work.session).get(chosen.golden_id)
        if golden is None:
            return None
        case = self._disguised(golden)
        cases.add(case)
        return case

    def _disguised(self, golden: Golden) -> Case:
        """Return a case that looks like any other, opened some hours ago."""
        hours = self._policy.deadline_h.of(Recommendation.REVIEW)
        opened = self._work.now - timedelta(hours=self._chance.uniform(0, hours))
        deadline_at = opened + timedelta(hours=hours)
        terms = self._policy.priority
        p, severity = _risk(golden)
        priority = Priority.of(p, severity, 1, deadline_at, terms)
        return Case(
            id=Cases.new_id(),
            version=1,
            state=State.OPEN,
            stage=Stage.FIRST,
            queue=golden.queue,
            label=golden.label,
            flagged=golden.flagged,
            language=golden.language,
            origin=Origin.PIPELINE,
            origins={Origin.PIPELINE: 1},
            clocks={},
            post_id=golden.post_id,
            cluster_id=None,
            author=None,
            n_posts=1,
            n_reports=0,
            is_audit=False,
            golden_id=golden.id,
            priority={
                "probability": priority.probability,
                "severity": priority.severity,
                "spread": priority.spread,
            },
            rank=priority.rank,
            chance=self._chance.random(),
            created_at=opened,
            deadline_at=deadline_at,
            decided_at=None,
            decision_id=None,
            escalated=None,
            holder=None,
            lease_token=0,
            lease_ends_at=None,
        )


def _risk(golden: Golden) -> tuple[float, float]:
    """Return probability and severity of the label that weighs most."""
    label = Label(golden.label) if golden.label else None
    if label is None:
        return max(golden.scores.values(), default=0.0), 1.0
    return golden.scores.get(label, 0.0), float(SEVERITIES[label])
