"""What others are told of decisions and appeals: no person, no note, no text."""

from typing import Any

from serving.db import Appeal, Decision, Reviewed, Session
from serving.review.outcomes import Kind


def decision_payload(session: Session, decision: Decision) -> dict[str, Any]:
    """Return what is told of *decision*, which holds for all ``n_posts`` copies."""
    said = {
        "decision_id": decision.id,
        "case_id": decision.case_id,
        "post": _post(session, decision.post_id),
        "n_posts": decision.n_posts,
        "kind": decision.kind,
        "outcome": decision.outcome,
        "labels": decision.labels,
        "clause": decision.clause,
        "reason_code": decision.reason_code,
        "at": decision.created_at.isoformat(),
        "model_digest": decision.model_digest,
        "policy_version": decision.policy_version,
        "review_policy_digest": decision.review_policy_digest,
    }
    if decision.kind == Kind.REVERSE:
        said["reverses"] = decision.reverses
        said["is_reopened"] = bool(decision.facts.get("reopened"))
    return said


def appeal_payload(session: Session, appeal: Appeal) -> dict[str, Any]:
    """Return what is told of *appeal*; its statement and answer are read by its id."""
    at = appeal.decided_at or appeal.filed_at
    return {
        "appeal_id": appeal.id,
        "decision_id": appeal.decision_id,
        "case_id": appeal.case_id,
        "post": _post(session, appeal.post_id),
        "external_ref": appeal.external_ref,
        "state": appeal.state,
        "reversal_id": appeal.reversal_id,
        "at": at.isoformat(),
    }


def _post(session: Session, post_id: str) -> dict[str, str | None]:
    post = Reviewed(session).post(post_id)
    return post.key if post else {"id": post_id}
