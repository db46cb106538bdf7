"""A decision is held to be wrong, and another person looks again."""

from dataclasses import replace
from typing import Any, Literal

from serving.db import (
    Appeal,
    AppealFilter,
    Appeals,
    Case,
    Cases,
    Decision,
    Decisions,
    Reviewed,
    Work,
)
from serving.errors import (
    AppealClosedError,
    AppealOpenError,
    ForbiddenError,
    NotAppealableError,
    NotFoundError,
    OwnDecisionError,
    ReasonNotAllowedError,
    VersionMismatchError,
)
from serving.review.announcing import announce
from serving.review.answers import Draft, record
from serving.review.outcomes import Kind, State
from serving.review.payloads import appeal_payload, decision_payload
from serving.review.people import Reviewer
from serving.review.policy import ReviewPolicy
from serving.review.reversing import granted, take_back

Verdict = Literal["upheld", "overturned"]
STAGE = "appeal"
"""The stage of a decision that takes the place of an overturned one."""


def file(
    work: Work,
    decision_id: str,
    statement: str,
    external_ref: str | None,
    filed_by: str,
    *,
    post_id: str | None = None,
) -> Appeal:
    """
    File an appeal against a standing decision.

    Args:
        work: What it is a part of.
        decision_id: Against which decision.
        statement: Why it is wrong.
        external_ref: What who files it calls it.
        filed_by: The pseudonym of who files it, and may read the answer.
        post_id: For which copy; that which was looked at, if it is not said.

    Raises:
        NotFoundError: If there is no such decision.
        NotAppealableError: If it does not stand.
        AppealOpenError: If there is one that waits for its answer.
    """
    decision = Decisions(work.session).get(decision_id)
    if decision is None:
        msg = "no decision has this id"
        raise NotFoundError(msg)
    case = Cases(work.session).lock(decision.case_id)
    appeals = Appeals(work.session)
    if case.decision_id != decision.id:
        msg = "the decision does not stand: it was reversed, or never was final"
        raise NotAppealableError(msg)
    if appeals.open_against(decision.id) is not None:
        msg = "an appeal against this decision waits for its answer"
        raise AppealOpenError(msg)
    appeal = Appeal(
        id=Appeals.new_id(),
        decision_id=decision.id,
        case_id=case.id,
        post_id=post_id or decision.post_id,
        external_ref=external_ref and _stored(external_ref),
        statement=_stored(statement),
        filed_by=filed_by,
        filed_at=work.now,
        state="open",
        version=1,
    )
    appeals.add(appeal)
    work.note("appeal.file", case.id, appeal=appeal.id, decision=decision.id)
    announce(work, "appeal.filed", appeal_payload(work.session, appeal))
    return appeal


def file_for_post(
    work: Work, post_id: str, statement: str, external_ref: str | None, filed_by: str
) -> Appeal:
    """
    File an appeal against the decision that holds for a post, its own or a copy's.

    Raises:
        NotFoundError: If there is no such post.
        NotAppealableError: If no decision on it stands.
        AppealOpenError: If there is one that waits for its answer.
    """
    post = Reviewed(work.session).post(post_id)
    if post is None:
        msg = "no post has this id"
        raise NotFoundError(msg)
    case = Cases(work.session).get(post.case_id, None) if post.case_id else None
    if case is None or case.decision_id is None:
        msg = "no decision on this post stands"
        raise NotAppealableError(msg)
    return file(
        work, case.decision_id, statement, external_ref, filed_by, post_id=post.id
    )


def answer(
    work: Work,
    policy: ReviewPolicy,
    who: Reviewer,
    appeal_id: str,
    outcome: Verdict,
    answer: str,
    draft: Draft | None = None,
    *,
    version: int | None = None,
) -> Appeal:
    """
    Let a lead answer an appeal, for all copies.

    Args:
        work: What it is a part of.
        policy: Says which reasons there are.
        who: The lead; that of *work*.
        appeal_id: Which appeal.
        outcome: Whether the decision stands, or is reversed.
        answer: What who filed it is told.
        draft: What is decided in its place; its token is not looked at. Without one
            no decision on the case stands any more.
        version: That of the appeal which they saw; None if they do not say.

    Raises:
        ForbiddenError: If they are no lead.
        NotFoundError: If there is no such appeal for them.
        ReasonNotAllowedError: If the policy knows no such decision.
        AppealClosedError: If it was answered otherwise.
        VersionMismatchError: If it was changed since they saw it.
        OwnDecisionError: If they decided on the case, or filed the appeal.
        NotAppealableError: If the decision does not stand any more.
    """
    _check_answer(policy, who, outcome, draft)
    appeal, case = _locked(work, who, appeal_id)
    if appeal.state != "open":
        return _answered_before(work, who, appeal, (outcome, _stored(answer)), draft)
    if version is not None and version != appeal.version:
        msg = f"the appeal is at version {appeal.version} by now"
        raise VersionMismatchError(msg)
    _check_other(work, who, appeal)
    decision = _standing(work, appeal, case)
    reversal_id = None
    if outcome == "overturned":
        reversal_id = _overturn(work, policy, case, decision, appeal, draft)
    done = Appeals(work.session).answer(
        appeal,
        state=outcome,
        decided_by=who.person,
        decided_at=work.now,
        answer=_stored(answer),
        reversal_id=reversal_id,
    )
    work.note("appeal.answer", case.id, appeal=appeal.id, outcome=outcome)
    announce(work, "appeal.answered", appeal_payload(work.session, done))
    return done


def _check_answer(
    policy: ReviewPolicy, who: Reviewer, outcome: Verdict, draft: Draft | None
) -> None:
    if not who.is_lead:
        msg = "only a lead answers appeals"
        raise ForbiddenError(msg)
    if draft is None:
        return
    if outcome == "upheld":
        msg = "a decision that stands is not decided anew"
        raise ReasonNotAllowedError(msg)
    draft.check(policy)


def _locked(work: Work, who: Reviewer, appeal_id: str) -> tuple[Appeal, Case]:
    """Return an appeal with its case, which is locked."""
    appeals, which = Appeals(work.session), AppealFilter(queues=who.queues)
    found = appeals.find(appeal_id, which)
    case = Cases(work.session).lock(found.case_id) if found else None
    # It may have been answered while somebody else had the case.
    found = appeals.find(appeal_id, which)
    if found is None or case is None:
        msg = "no appeal has this id"
        raise NotFoundError(msg)
    return found, case


def _answered_before(
    work: Work,
    who: Reviewer,
    appeal: Appeal,
    said: tuple[str, str],
    draft: Draft | None,
) -> Appeal:
    """Return *appeal* if this is a repeat of its answer."""
    made = _replacement(work, appeal)
    same_draft = (
        made is None if draft is None else made is not None and draft.says(made)
    )
    is_same = (appeal.state, appeal.answer) == said and appeal.decided_by == who.person
    if is_same and same_draft:
        return appeal
    msg = "the appeal was answered already"
    raise AppealClosedError(msg)


def _replacement(work: Work, appeal: Appeal) -> Decision | None:
    made = Decisions(work.session).of(appeal.case_id)
    ours = (x for x in made if x.facts.get("appeal") == appeal.id)
    return next((x for x in ours if x.kind != Kind.REVERSE), None)


def _check_other(work: Work, who: Reviewer, appeal: Appeal) -> None:
    decided = {x.person for x in Decisions(work.session).of(appeal.case_id)}
    if who.person in decided | {appeal.filed_by}:
        msg = "the appeal waits for a person who neither decided nor filed it"
        raise OwnDecisionError(msg)


def _standing(work: Work, appeal: Appeal, case: Case) -> Decision:
    decision = Decisions(work.session).get(appeal.decision_id)
    if decision is None or case.decision_id != decision.id:
        msg = "the decision does not stand any more"
        raise NotAppealableError(msg)
    return decision


def _overturn(
    work: Work,
    policy: ReviewPolicy,
    case: Case,
    decision: Decision,
    appeal: Appeal,
    draft: Draft | None,
) -> str:
    """Take *decision* back, let *draft* take its place, and return the reversal's id."""
    facts: dict[str, Any] = {"appeal": appeal.id}
    reversal = take_back(work, policy, case, decision, granted(policy), **facts)
    changes: dict[str, Any] = {"decision_id": None, "state": State.DECIDED}
    if draft is not None:
        # A number of its own: answers of an earlier round have smaller ones.
        token = case.lease_token + 1
        made = record(
            work,
            policy,
            case,
            replace(draft, token=token),
            stage=STAGE,
            is_final=True,
            facts=decision.facts | facts,
        )
        changes |= {"decision_id": made.id, "lease_token": token}
        changes |= {"decided_at": work.now}
        work.note("decision.make", case.id, decision=made.id, stage=STAGE)
        announce(work, "decision.made", decision_payload(work.session, made))
    Cases(work.session).change(case, **changes)
    return reversal.id


def _stored(text: str) -> str:
    """Return *text* as every database keeps it."""
    return text.replace("\0", "\ufffd")
