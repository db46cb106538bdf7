"""A decision is taken back: by another row, never by a change."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from serving.db import (
    Appeals,
    Case,
    Cases,
    Decision,
    Decisions,
    Leases,
    StoredLease,
    Work,
)
from serving.errors import (
    AlreadyDecidedError,
    AlreadyReversedError,
    AppealOpenError,
    ForbiddenError,
    NotFoundError,
)
from serving.review.announcing import announce
from serving.review.lending import Lease
from serving.review.outcomes import Kind, Outcome, Stage, State
from serving.review.payloads import decision_payload
from serving.review.people import Reviewer
from serving.review.policy import ReviewPolicy

UNDO = timedelta(minutes=10)
"""How long a person may take back what they decided themselves."""
_SLIP, _GRANTED = "mistake", "appeal_granted"


def reverse(
    work: Work,
    policy: ReviewPolicy,
    who: Reviewer,
    decision_id: str,
    reason_code: str,
    note: str | None = None,
    *,
    reopen: bool,
) -> str:
    """
    Let a lead take back a standing decision, for all copies, and return what does it.

    Args:
        work: What it is a part of.
        policy: Says which reasons there are.
        who: The lead; that of *work*.
        decision_id: What is taken back.
        reason_code: Why.
        note: The same in words.
        reopen: Whether the case is to be decided anew.

    Raises:
        ReasonNotAllowedError: If the policy knows no such reason.
        ForbiddenError: If they are no lead.
        NotFoundError: If there is no such decision for them.
        AlreadyReversedError: If it does not stand.
        AppealOpenError: If it must be reversed by the answer to an appeal.
    """
    policy.check_reason(Outcome.REVERSE, reason_code, note)
    if not who.is_lead:
        msg = "only a lead reverses what others decided"
        raise ForbiddenError(msg)
    decision, case = locked(work, who, decision_id)
    check_stands(decision, case)
    _check_no_appeal(work, decision)
    reversal = take_back(
        work, policy, case, decision, reason_code, note, reopened=reopen
    )
    changes: dict[str, Any] = {"decision_id": None}
    if reopen:
        changes |= {
            "state": State.OPEN,
            "stage": Stage.FIRST,
            "decided_at": None,
            "escalated": None,
        }
    Cases(work.session).change(case, **changes)
    return reversal.id


def undo(work: Work, policy: ReviewPolicy, who: Reviewer, decision_id: str) -> Lease:
    """
    Let *who* take back what they just answered, and have the case again.

    Whoever was given the case since, for the next answer, loses it.

    Raises:
        NotFoundError: If it is no answer of theirs.
        ForbiddenError: If it is too late.
        AlreadyReversedError: If it was taken back.
        AlreadyDecidedError: If somebody answered after it.
        AppealOpenError: If it must be reversed by the answer to an appeal.
    """
    decision, case = locked(work, who, decision_id)
    if decision.person != who.person or decision.kind == Kind.REVERSE:
        msg = "you made no such decision"
        raise NotFoundError(msg)
    _check_undoable(work, decision)
    _check_no_appeal(work, decision)
    code = _reason(policy, _SLIP)
    take_back(work, policy, case, decision, code, undo=True, reopened=True)
    Leases(work.session).end(case.id, case.lease_token, "undone", work.now)
    return _give_again(work, policy, case, decision)


def locked(work: Work, who: Reviewer, decision_id: str) -> tuple[Decision, Case]:
    """
    Return a decision with its case, which is locked.

    Raises:
        NotFoundError: If there is none in a queue of theirs.
    """
    decision = Decisions(work.session).get(decision_id)
    cases = Cases(work.session)
    if decision is None or cases.get(decision.case_id, who.queues, who.person) is None:
        msg = "no decision has this id"
        raise NotFoundError(msg)
    return decision, cases.lock(decision.case_id)


def check_stands(decision: Decision, case: Case) -> None:
    """
    Let *decision* be the one that holds for *case*.

    Raises:
        AlreadyReversedError: If it is not.
    """
    if case.decision_id != decision.id:
        msg = "the decision does not stand: it was reversed, or never was final"
        raise AlreadyReversedError(msg)


def take_back(
    work: Work,
    policy: ReviewPolicy,
    case: Case,
    decision: Decision,
    reason_code: str,
    note: str | None = None,
    **facts: Any,
) -> Decision:
    """Write that *decision* is reversed, and say so if anybody was told of it."""
    reversal = replace(
        decision,
        id=Decisions.new_id(),
        kind=Kind.REVERSE,
        outcome=Outcome.REVERSE,
        labels=[],
        clause=None,
        reason_code=reason_code,
        note=note,
        stage=case.stage,
        is_final=decision.is_final,
        is_blind=False,
        reverses=decision.id,
        person=work.actor,
        lease_token=case.lease_token,
        n_posts=case.n_posts,
        review_policy_digest=policy.digest,
        facts={k: v for k, v in facts.items() if v},
        spent_s=None,
        created_at=work.now,
    )
    Decisions(work.session).add(reversal)
    detail = {"decision": reversal.id, "reverses": decision.id, "reason": reason_code}
    work.note("decision.reverse", case.id, **detail)
    if decision.is_final:
        payload = decision_payload(work.session, reversal)
        announce(work, "decision.reversed", payload)
    return reversal


def granted(policy: ReviewPolicy) -> str:
    """Return the reason of a reversal that an appeal asked for."""
    return _reason(policy, _GRANTED)


def _reason(policy: ReviewPolicy, code: str) -> str:
    """Return *code*, or what a policy that does not know it has in its place."""
    known = [x.code for x in policy.reasons_for(Outcome.REVERSE)]
    return code if code in known else known[0]


def _check_undoable(work: Work, decision: Decision) -> None:
    decisions = Decisions(work.session)
    if decisions.reversal_of(decision.id) is not None:
        msg = "the decision was reversed already"
        raise AlreadyReversedError(msg)
    given = decisions.round_of(decision.case_id)
    if not given or given[-1].id != decision.id:
        msg = "somebody decided after it"
        raise AlreadyDecidedError(msg)
    if decision.stage == "appeal" or work.now - decision.created_at > UNDO:
        minutes = int(UNDO.total_seconds() // 60)
        msg = f"an answer can be undone for {minutes} minutes; then a lead reverses it"
        raise ForbiddenError(msg)


def _check_no_appeal(work: Work, decision: Decision) -> None:
    if Appeals(work.session).open_against(decision.id) is not None:
        msg = "an appeal against the decision is open; its answer can reverse it"
        raise AppealOpenError(msg)


def _give_again(
    work: Work, policy: ReviewPolicy, case: Case, decision: Decision
) -> Lease:
    """Let who made *decision* have *case*, at the stage at which they had it."""
    token = case.lease_token + 1
    ends_at = work.now + timedelta(seconds=policy.lease.seconds)
    is_stage = decision.stage in set(Stage)
    drawn = str(decision.facts.get("drawn", "asked"))
    Cases(work.session).change(
        case,
        state=State.OPEN,
        stage=decision.stage if is_stage else case.stage,
        decision_id=None,
        decided_at=None,
        holder=decision.person,
        lease_token=token,
        lease_ends_at=ends_at,
    )
    Leases(work.session).add(
        StoredLease(
            case_id=case.id,
            person=decision.person,
            token=token,
            author=case.author,
            drawn=drawn,
            is_blind=False,  # the scores were shown when it was decided
            taken_at=work.now,
        )
    )
    work.note("case.claim", case.id, token=token, drawn=drawn)
    return Lease(case.id, token, ends_at, drawn, is_blind=False)
