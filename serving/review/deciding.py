"""A person decides a case that they have."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random, SystemRandom
from typing import Any

from serving.db import (
    Case,
    Cases,
    Decision,
    Decisions,
    Leases,
    StoredLease,
    Work,
    round_of,
)
from serving.errors import (
    AlreadyDecidedError,
    LeaseLostError,
    NotFoundError,
    VersionMismatchError,
)
from serving.review.announcing import announce
from serving.review.answers import Draft, facts_of, record
from serving.review.outcomes import Stage, State
from serving.review.payloads import decision_payload
from serving.review.people import Reviewer
from serving.review.policy import ReviewPolicy
from serving.review.settling import DOUBLE, Settled, check_other, draw_double, settle

__all__ = ["Decided", "Draft", "decide"]

GOLDEN = "golden"
"""The stage of an answer to a golden item."""
_CHANCE = SystemRandom()


@dataclass(frozen=True, slots=True)
class Decided:
    """
    What became of an answer.

    Attributes:
        is_final: Whether it decides the case, as far as its person is told: an answer
            to a golden item looks like any other.
        stage_next: Whose answer the case waits for; None for nobody's.
        replayed: Whether it was given before, and nothing happened.
    """

    decision_id: str
    is_final: bool
    stage_next: Stage | None
    replayed: bool


def decide(
    work: Work,
    policy: ReviewPolicy,
    who: Reviewer,
    case_id: str,
    draft: Draft,
    *,
    version: int | None = None,
    chance: Random = _CHANCE,
) -> Decided:
    """
    Let *who* answer a case that they have.

    Args:
        work: What it is a part of.
        policy: Says which reasons there are, and how often a second person is asked.
        who: The person; that of *work*.
        case_id: Which case.
        draft: What they say.
        version: That of the case which they saw; None if they do not say.
        chance: Draws for which cases two people are asked.

    Raises:
        ReasonNotAllowedError: If the policy knows no such decision.
        NotFoundError: If there is no such case for them.
        AlreadyDecidedError: If it is decided, or they said something else before.
        LeaseLostError: If they have it no longer.
        VersionMismatchError: If it was changed since they saw it.
        OwnDecisionError: If it waits for another answer than theirs.
        ForbiddenError: If it waits for a lead.
    """
    draft.check(policy)
    case = _lock(work, who, case_id)
    history = Decisions(work.session).of(case_id)
    given = round_of(history)
    earlier = _given_before(case, given, who, draft)
    if earlier is not None:
        return _told(earlier, case, replayed=True)
    lease = _held(work, case, who, draft.token)
    if version is not None and version != case.version:
        msg = f"the case is at version {case.version} by now"
        raise VersionMismatchError(msg)
    check_other(case, given, who)
    is_double = draw_double(history, policy.shares.double, chance)
    settled = settle(case, given, draft.outcome, is_double=is_double)
    decision = record(
        work,
        policy,
        case,
        draft,
        stage=GOLDEN if case.golden_id else case.stage,
        is_final=settled.is_final,
        facts=_facts(case, given, lease, settled),
        is_blind=lease.is_blind,
    )
    return _told(decision, _close(work, case, decision, settled), replayed=False)


def _lock(work: Work, who: Reviewer, case_id: str) -> Case:
    """Return a case that *who* may see, locked."""
    if Cases(work.session).get(case_id, who.queues, who.person) is None:
        msg = "no case has this id"
        raise NotFoundError(msg)
    return Cases(work.session).lock(case_id)


def _given_before(
    case: Case, given: Sequence[Decision], who: Reviewer, draft: Draft
) -> Decision | None:
    """
    Return the same answer of the same person, if this is a repeat of it.

    Raises:
        AlreadyDecidedError: If it is another answer, or the case is decided.
    """
    is_decided = case.state == State.DECIDED
    for mine in given:
        if mine.person == who.person and (is_decided or mine.token == draft.token):
            if draft.says(mine):
                return mine
            msg = "you decided this case otherwise already"
            raise AlreadyDecidedError(msg)
    if is_decided:
        msg = "the case was decided already"
        raise AlreadyDecidedError(msg)
    return None


def _held(work: Work, case: Case, who: Reviewer, token: int) -> StoredLease:
    """Return the lease under which *who* has *case*."""
    Cases(work.session).held(case.id, who.person, token, work.now)
    lease = Leases(work.session).get(case.id, token)
    if lease is None:
        msg = "nobody was given the case under this token"
        raise LeaseLostError(msg)
    return lease


def _facts(
    case: Case, given: Sequence[Decision], lease: StoredLease, settled: Settled
) -> dict[str, Any]:
    # How the case was drawn is how its first person came to it.
    drawn = given[0].facts["drawn"] if given else lease.drawn
    facts = facts_of(case, drawn)
    if case.golden_id is not None:
        return facts | {GOLDEN: case.golden_id}
    return facts | ({DOUBLE: settled.is_double} if case.stage == Stage.FIRST else {})


def _close(work: Work, case: Case, decision: Decision, settled: Settled) -> Case:
    """Let *case* go on, or be decided, and say so to those who want to know."""
    Leases(work.session).end(case.id, decision.token, "decided", work.now)
    changes: dict[str, Any] = {"holder": None, "lease_ends_at": None}
    if settled.next_stage is None:
        changes |= {"state": State.DECIDED, "decided_at": work.now}
    else:
        changes |= {"stage": settled.next_stage}
    if settled.is_final:
        changes |= {"decision_id": decision.id}
    work.note("decision.make", case.id, decision=decision.id, stage=decision.stage)
    if settled.is_final:
        payload = decision_payload(work.session, decision)
        announce(work, "decision.made", payload)
    return Cases(work.session).change(case, **changes)


def _told(decision: Decision, case: Case, *, replayed: bool) -> Decided:
    is_final = decision.is_final or decision.stage == GOLDEN
    waits = Stage(case.stage) if case.state == State.OPEN else None
    return Decided(decision.id, is_final, waits, replayed)
