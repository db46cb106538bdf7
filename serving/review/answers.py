"""What a person answers, and the record that is made of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from kiemtin.labels import Label
from serving.db import (
    Case,
    Decision,
    Decisions,
    Golden,
    Goldens,
    Reviewed,
    ReviewedPost,
    Session,
    Work,
)
from serving.errors import NotFoundError, ReasonNotAllowedError
from serving.review.outcomes import Kind, Outcome, kind_of
from serving.review.policy import ReviewPolicy

Subject = ReviewedPost | Golden
"""What is looked at: a post, or what was copied of one."""


@dataclass(frozen=True, slots=True)
class Draft:
    """
    A decision before it is one.

    Attributes:
        token: Of the lease under which the case is theirs.
        labels: Those that are confirmed; none where the flag is dismissed.
        clause: What of the rules the post breaks; None where it breaks none.
        spent_s: How long they say that they looked at it.
    """

    token: int
    outcome: Outcome
    labels: Sequence[Label]
    clause: str | None
    reason_code: str
    note: str | None = None
    spent_s: float | None = None

    def check(self, policy: ReviewPolicy) -> None:
        """
        Let this be a decision that *policy* knows.

        Raises:
            ReasonNotAllowedError: If it is not.
        """
        if self.outcome is Outcome.REVERSE:
            msg = "a decision is reversed, a case is not"
            raise ReasonNotAllowedError(msg)
        if kind_of(self.outcome) is Kind.UPHOLD:
            self._check_upheld(policy)
        elif self.clause is not None or self.labels:
            msg = f"the outcome {self.outcome} has neither a clause nor labels"
            raise ReasonNotAllowedError(msg)
        policy.check_reason(self.outcome, self.reason_code, self.note)

    def says(self, decision: Decision) -> bool:
        """Say whether *decision* is this one, already made."""
        return (
            self.outcome,
            set(self.labels),
            self.clause,
            self.reason_code,
        ) == (
            decision.outcome,
            set(decision.labels),
            decision.clause,
            decision.reason_code,
        )

    def _check_upheld(self, policy: ReviewPolicy) -> None:
        if not self.labels:
            msg = f"the outcome {self.outcome} needs the labels that are right"
            raise ReasonNotAllowedError(msg)
        policy.check_clause(self.clause, self.labels)


def subject_of(session: Session, case: Case) -> Subject:
    """
    Return what is looked at in *case*.

    Raises:
        NotFoundError: If nothing is known of it any more.
    """
    if case.golden_id is not None:
        golden = Goldens(session).get(case.golden_id)
        if golden is not None:
            return golden
    post = Reviewed(session).post(case.post_id)
    if post is None:
        msg = "the post of this case is not there any more"
        raise NotFoundError(msg)
    return post


def facts_of(case: Case, drawn: str) -> dict[str, Any]:
    """Return how *case* stands, as it is kept with a decision on it."""
    return {
        "origin": case.origin,
        "origins": case.origins,
        "drawn": drawn,
        "queue": case.queue,
        "label": case.label,
        "flagged": case.flagged,
        "language": case.language,
        "n_reports": case.n_reports,
        "is_audit": case.is_audit,
        "escalated": case.escalated,
    }


def record(
    work: Work,
    policy: ReviewPolicy,
    case: Case,
    draft: Draft,
    *,
    stage: str,
    is_final: bool,
    facts: dict[str, Any],
    is_blind: bool = False,
) -> Decision:
    """Write *draft* as a decision on *case*, with all that it rests on."""
    subject = subject_of(work.session, case)
    decision = Decision(
        id=Decisions.new_id(),
        case_id=case.id,
        post_id=case.post_id,
        kind=kind_of(draft.outcome),
        outcome=draft.outcome,
        labels=[x.value for x in Label if x in draft.labels],
        clause=draft.clause,
        reason_code=draft.reason_code,
        # PostgreSQL keeps no NUL.
        note=draft.note and draft.note.replace("\0", "\ufffd"),
        stage=stage,
        is_final=is_final,
        is_blind=is_blind,
        person=work.actor,
        lease_token=draft.token,
        n_posts=case.n_posts,
        text_digest=subject.text_digest or "",
        model_digest=subject.model_digest,
        policy_version=subject.policy_version,
        review_policy_digest=policy.digest,
        scores=subject.scores,
        facts=facts,
        spent_s=draft.spent_s,
        created_at=work.now,
    )
    Decisions(work.session).add(decision)
    return decision
