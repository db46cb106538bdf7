"""Posts whose answer is known are given to people who do not know that."""

from serving.db import Case, Cases, Decision, Decisions, Golden, Goldens, Work
from serving.errors import NotDecidedError, NotFoundError
from serving.review.answers import subject_of
from serving.review.people import Reviewer


def make(work: Work, who: Reviewer, case_id: str) -> Golden:
    """
    Make a golden item of a decided case, with the answer that stands.

    Raises:
        NotFoundError: If there is no such case for them, or its text was forgotten.
        NotDecidedError: If no decision of it stands.
    """
    cases = Cases(work.session)
    if cases.get(case_id, who.queues, who.person) is None:
        msg = "no case has this id"
        raise NotFoundError(msg)
    case = cases.lock(case_id)
    golden = _copy(work, case, _standing(work, case))
    Goldens(work.session).add(golden)
    work.note("golden.make", case.id, golden=golden.id)
    return golden


def retire(work: Work, who: Reviewer, golden_id: str) -> Golden:
    """
    Give a golden item to nobody any more; what was answered still counts.

    Raises:
        NotFoundError: If there is no such item for them.
    """
    goldens = Goldens(work.session)
    golden = goldens.get(golden_id)
    if golden is None or not who.works_in(golden.queue):
        msg = "no golden item has this id"
        raise NotFoundError(msg)
    if golden.retired_at is None:
        goldens.retire(golden_id, work.now)
        work.note("golden.retire", golden_id)
    return goldens.get(golden_id) or golden


def _standing(work: Work, case: Case) -> Decision:
    decision_id = case.decision_id
    found = Decisions(work.session).get(decision_id) if decision_id else None
    if found is None:
        msg = "no decision of this case stands"
        raise NotDecidedError(msg)
    return found


def _copy(work: Work, case: Case, decision: Decision) -> Golden:
    post = subject_of(work.session, case)
    if isinstance(post, Golden) or post.forgotten_at is not None:
        msg = "the text of this case was forgotten"
        raise NotFoundError(msg)
    return Golden(
        id=Goldens.new_id(),
        queue=case.queue,
        post_id=post.id,
        text=post.text,
        text_digest=post.text_digest or "",
        language=case.language,
        label=case.label,
        flagged=case.flagged,
        scores=post.scores,
        reasons=post.reasons or [],
        model_digest=post.model_digest,
        policy_version=post.policy_version,
        kind=decision.kind,
        labels=decision.labels,
        made_by=work.actor,
        created_at=work.now,
    )
