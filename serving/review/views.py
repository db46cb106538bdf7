"""What a reviewer sees of a case."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from kiemtin.labels import Label
from serving.db import (
    Audit,
    Case,
    Cases,
    Comments,
    Decision,
    Decisions,
    Golden,
    Goldens,
    Leases,
    Session,
    Shown,
    ShownPost,
    Work,
)
from serving.errors import NotFoundError
from serving.review.history import history
from serving.review.outcomes import Stage, State
from serving.review.people import Reviewer
from serving.review.policy import ReviewPolicy
from serving.review.priority import Priority
from serving.review.scale import NO_SCALE, Scale
from serving.review.seen import (
    Answer,
    CaseView,
    Copy,
    LabelShown,
    LeaseShown,
    Mark,
    PriorityShown,
    Remark,
    Report,
)

__all__ = [
    "MOST_COPIES",
    "MOST_REPORTS",
    "Answer",
    "CaseView",
    "Copy",
    "LabelShown",
    "LeaseShown",
    "Mark",
    "PriorityShown",
    "Remark",
    "Report",
    "read",
    "view",
]

MOST_COPIES = 20
MOST_REPORTS = 50
_GONE = ShownPost(
    id="",
    text=None,
    scores={},
    flagged=[],
    reasons=[],
    policy_version="",
    context=None,
    permalink=None,
    source=None,
    posted_at=None,
)


def read(
    work: Work,
    policy: ReviewPolicy,
    who: Reviewer,
    case_id: str,
    scale: Scale = NO_SCALE,
) -> CaseView:
    """
    Return what *who* sees of a case, and note that they read it.

    Raises:
        NotFoundError: If there is no such case for them.
    """
    shown = view(work.session, policy, who, case_id, work.now, scale)
    work.note("case.read", case_id)
    return shown


def view(
    session: Session,
    policy: ReviewPolicy,
    who: Reviewer,
    case_id: str,
    now: datetime,
    scale: Scale = NO_SCALE,
) -> CaseView:
    """
    Return what *who* sees of a case; that they read it is for the caller to note.

    What must not be seen is not in it: of a blind lease what the model says, and of a
    blind second review the first answer, with what tells of it.

    Args:
        session: For reading.
        policy: That of review.
        who: The person.
        case_id: Which case.
        now: For its priority, and for whether somebody has it.
        scale: The thresholds of the model that scores now.

    Raises:
        NotFoundError: If there is no such case for them.
    """
    case = Cases(session).get(case_id, who.queues, who.person)
    if case is None:
        msg = "no case has this id"
        raise NotFoundError(msg)
    post = _post(session, case)
    answers = _Answers.of(session, case, who)
    shown = Shown(session)
    whole = CaseView(
        id=case.id,
        version=case.version,
        state=case.state,
        stage=case.stage,
        queue=case.queue,
        language=case.language,
        post_id=case.post_id,
        text=post.text,
        context=post.context,
        permalink=post.permalink,
        source=post.source,
        posted_at=post.posted_at,
        is_blind=False,
        label=case.label,
        flagged=case.flagged,
        labels=_labels(post, case, scale),
        marks=[Mark(**x) for x in post.reasons],
        priority=_priority(case, policy, now),
        n_posts=case.n_posts,
        copies=[
            Copy(x.id, x.source, x.posted_at)
            for x in shown.copies(case.id, case.post_id, MOST_COPIES)
        ],
        n_reports=case.n_reports,
        reports=[
            Report(x.reason, x.note, x.at) for x in shown.reports(case.id, MOST_REPORTS)
        ],
        origin=case.origin,
        origins=case.origins,
        clocks=case.clocks,
        created_at=case.created_at,
        deadline_at=case.deadline_at,
        decided_at=case.decided_at,
        decision_id=answers.standing(case),
        escalated=case.escalated,
        lease=_lease(case, who, now),
        comments=[
            Remark(x.id, x.person, x.text, x.created_at)
            for x in Comments(session).of(case.id)
            if not answers.hides(x.person)
        ],
        history=history(
            Audit(session).of(case.id), with_answers=not answers.are_hidden
        ),
        decisions=answers.shown,
    )
    return _blinded(whole) if _is_blind(session, case, who, now) else whole


@dataclass(frozen=True, slots=True)
class _Answers:
    """What was decided on a case before, and whether it may be seen."""

    shown: Sequence[Answer]
    are_hidden: bool
    people: frozenset[str]

    @classmethod
    def of(cls, session: Session, case: Case, who: Reviewer) -> "_Answers":
        decisions = Decisions(session)
        waits = case.state == State.OPEN and case.stage == Stage.SECOND
        people = frozenset(
            x.person for x in (decisions.round_of(case.id) if waits else [])
        )
        if waits and who.person not in people:
            return cls([], are_hidden=True, people=people)
        answers = [_answer(x, case) for x in decisions.of(case.id)]
        return cls(answers, are_hidden=False, people=people)

    def standing(self, case: Case) -> str | None:
        """Return the decision of *case*; an answer to a golden item looks like one."""
        if case.golden_id is None or case.state == State.OPEN or not self.shown:
            return case.decision_id
        return self.shown[-1].id

    def hides(self, person: str) -> bool:
        """Say whether what *person* noted could tell what they decided."""
        return self.are_hidden and person in self.people


def _answer(x: Decision, case: Case) -> Answer:
    shown = Answer(
        id=x.id,
        kind=x.kind,
        outcome=x.outcome,
        labels=x.labels,
        clause=x.clause,
        reason_code=x.reason_code,
        note=x.note,
        stage=x.stage,
        is_final=x.is_final,
        reverses=x.reverses,
        person=x.person,
        at=x.created_at,
    )
    if case.golden_id is None:
        return shown
    # Also afterwards it looks like any other.
    return replace(shown, stage=Stage.FIRST, is_final=True)


def _post(session: Session, case: Case) -> ShownPost:
    """Return the post of *case*; of a golden item it may be gone, the copy is not."""
    post = Shown(session).post(case.post_id) or replace(_GONE, id=case.post_id)
    golden = Goldens(session).get(case.golden_id) if case.golden_id else None
    return _copied(golden, post) if golden else post


def _copied(golden: Golden, post: ShownPost) -> ShownPost:
    return replace(
        post,
        text=golden.text,
        scores=golden.scores,
        flagged=golden.flagged,
        reasons=golden.reasons,
        policy_version=golden.policy_version,
    )


def _labels(post: ShownPost, case: Case, scale: Scale) -> list[LabelShown]:
    is_known = post.policy_version == scale.policy_version
    limits = scale.limits if is_known else {}
    calibration = scale.calibration if is_known else {}
    return [
        LabelShown(
            label=x,
            probability=post.scores[x],
            flagged=x in (post.flagged or case.flagged),
            threshold=limits[x].review if x in limits else None,
            urgent=limits[x].urgent if x in limits else None,
            calibration=calibration.get(x),
        )
        for x in Label
        if x in post.scores
    ]


def _priority(case: Case, policy: ReviewPolicy, now: datetime) -> PriorityShown:
    terms = policy.priority
    age = Priority(1, 1, 1, case.deadline_at, terms).age(now)
    factors = {**case.priority, "age": age}
    return PriorityShown(math.prod(factors.values()), factors)


def _lease(case: Case, who: Reviewer, now: datetime) -> LeaseShown | None:
    if not case.is_held(now) or case.lease_ends_at is None:
        return None
    is_mine = case.holder == who.person
    token = case.lease_token if is_mine else None
    return LeaseShown(is_mine, token, case.lease_ends_at)


def _is_blind(session: Session, case: Case, who: Reviewer, now: datetime) -> bool:
    if case.state != State.OPEN or not case.is_held_by(who.person, now):
        return False
    lease = Leases(session).get(case.id, case.lease_token)
    return lease is not None and lease.is_blind


def _blinded(whole: CaseView) -> CaseView:
    return replace(
        whole,
        is_blind=True,
        label=None,
        flagged=[],
        labels=None,
        marks=[],
        priority=None,
    )
