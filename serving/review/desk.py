"""Who has which case: one person at a time, for as long as the policy says."""

from collections.abc import Collection
from contextlib import suppress

from serving.db import (
    Candidates,
    Case,
    Cases,
    Comments,
    Decisions,
    Leases,
    Preferences,
    Work,
)
from serving.errors import (
    AlreadyClaimedError,
    AlreadyDecidedError,
    ExposureSpentError,
    LeaseLostError,
    NotFoundError,
    ReasonNotAllowedError,
    VersionMismatchError,
)
from serving.review.drawing import SYSTEM_CHANCE, Chance, Drawing, Drawn
from serving.review.lending import Lease, Lending
from serving.review.outcomes import Stage, State
from serving.review.people import Reviewer
from serving.review.policy import ReviewPolicy
from serving.review.settling import check_other

__all__ = ["Desk", "Lease"]


class Desk:
    """
    Gives cases out and takes them back; its caller commits.

    All that takes a ``version`` refuses with ``VersionMismatchError`` if the case has
    another by now. Cases of queues that are not theirs are ``NotFoundError`` to people.

    Args:
        work: What it is all a part of.
        policy: Says how long a lease is, and how much is left to chance.
        chance: That chance.
    """

    def __init__(
        self, work: Work, policy: ReviewPolicy, chance: Chance = SYSTEM_CHANCE
    ) -> None:
        self._work = work
        self._policy = policy
        self._cases = Cases(work.session)
        self._leases = Leases(work.session)
        self._drawing = Drawing(work, policy, chance)
        self._lending = Lending(work, policy, chance)

    def next(
        self, who: Reviewer, queues: Collection[str] | None = None
    ) -> Lease | None:
        """
        Return the case that *who* should look at now; None if there is nothing to do.

        It is the one that they have already, if they have one, for as long as anew.

        Args:
            who: The person.
            queues: Those from which they want one; None for all that they work in.

        Raises:
            NotFoundError: If one of *queues* is not theirs, or there is none.
            ExposureSpentError: If they have seen as many today as they wanted to.
        """
        wanted = self._wanted(who, queues)
        self._leases.serve_one_at_a_time(who.person)
        for case in self._cases.held_by(who.person, self._work.now, who.queues):
            with suppress(LeaseLostError):
                return self.renew(who, case.id, case.lease_token)
        self._check_budget(who)
        found = self._drawing.draw(who, wanted)
        return found and self._lending.lend(who.person, *found)

    def claim(
        self, who: Reviewer, case_id: str, *, version: int | None = None
    ) -> Lease:
        """
        Give one case to *who*; if they have it, that lease.

        Raises:
            NotFoundError: If there is none for them.
            AlreadyDecidedError: If nobody is waited for any more.
            AlreadyClaimedError: If another person has it.
            ForbiddenError: If it waits for a lead.
            OwnDecisionError: If it waits for another answer than theirs.
            ExposureSpentError: If they have seen as many today as they wanted to.
        """
        self._leases.serve_one_at_a_time(who.person)
        case = self._visible(who, case_id, version)
        now = self._work.now
        if case.state != State.OPEN:
            msg = "the case was decided"
            raise AlreadyDecidedError(msg)
        if case.is_held_by(who.person, now):
            return self._lending.of(case)
        if case.is_held(now):
            msg = "another person has the case"
            raise AlreadyClaimedError(msg)
        check_other(case, Decisions(self._work.session).round_of(case_id), who)
        self._check_budget(who)
        drawn = Drawn.GOLDEN if case.golden_id else Drawn.ASKED
        return self._lending.lend(who.person, case, drawn)

    def renew(self, who: Reviewer, case_id: str, token: int) -> Lease:
        """
        Let *who* keep the case for as long as anew.

        Raises:
            LeaseLostError: If they have it no longer.
            NotFoundError: If there is none for them.
        """
        case = self._held(who, case_id, token)
        return self._lending.extend(case)

    def release(
        self, who: Reviewer, case_id: str, token: int, *, version: int | None = None
    ) -> None:
        """
        Put the case back, for anybody.

        Raises:
            LeaseLostError: If they have it no longer.
            NotFoundError: If there is none for them.
        """
        self._lending.take_back(self._held(who, case_id, token, version), "released")
        self._work.note("case.release", case_id, token=token)

    def skip(
        self,
        who: Reviewer,
        case_id: str,
        token: int,
        reason: str,
        *,
        version: int | None = None,
    ) -> None:
        """
        Put the case back, for anybody else: *who* is not served it again.

        Raises:
            ReasonNotAllowedError: If the policy knows no such reason.
            LeaseLostError: If they have it no longer.
            NotFoundError: If there is none for them.
        """
        case = self._held(who, case_id, token, version)
        self._policy.check_reason("skip", reason)
        self._lending.take_back(case, "skipped", reason)
        self._work.note("case.skip", case_id, token=token, reason=reason)

    def escalate(
        self,
        who: Reviewer,
        case_id: str,
        token: int,
        reason: str,
        note: str | None = None,
        *,
        version: int | None = None,
    ) -> None:
        """
        Let the case wait for a lead; *note* becomes a comment.

        Raises:
            ReasonNotAllowedError: If the policy knows no such reason, or it waits for a
                lead already.
            LeaseLostError: If they have it no longer.
            NotFoundError: If there is none for them.
        """
        case = self._held(who, case_id, token, version)
        self._policy.check_reason("escalate", reason, note)
        if case.stage == Stage.ADJUDICATION:
            msg = "the case waits for a lead already"
            raise ReasonNotAllowedError(msg)
        if note and note.strip():
            self.comment(who, case_id, note)
        changes = {"stage": Stage.ADJUDICATION, "escalated": reason}
        self._lending.take_back(case, "escalated", reason, **changes)
        self._work.note("case.escalate", case_id, token=token, reason=reason)

    def comment(self, who: Reviewer, case_id: str, text: str) -> str:
        """
        Note *text* on a case for those who come after, and return the comment's id.

        Raises:
            NotFoundError: If there is no such case for them.
        """
        self._find(who, case_id)
        comments = Comments(self._work.session)
        comment_id = comments.add(case_id, who.person, text, self._work.now)
        self._work.note("case.comment", case_id, comment=comment_id)
        return comment_id

    def _wanted(
        self, who: Reviewer, queues: Collection[str] | None
    ) -> Collection[str] | None:
        if queues is None:
            return who.queues
        names = {x.name for x in self._policy.queues}
        for queue in queues:
            is_known = queue in names or self._has_cases(queue)
            if not is_known or not who.works_in(queue):
                msg = "no such queue"
                raise NotFoundError(msg)
        return frozenset(queues)

    def _has_cases(self, queue: str) -> bool:
        """Say whether a queue that the policy does not know any more is not empty."""
        return queue in Candidates(self._work.session).queues()

    def _find(self, who: Reviewer, case_id: str) -> Case:
        case = self._cases.get(case_id, who.queues, who.person)
        if case is None:
            msg = "no case has this id"
            raise NotFoundError(msg)
        return case

    def _visible(self, who: Reviewer, case_id: str, version: int | None) -> Case:
        """Return a case that *who* may see, locked."""
        self._find(who, case_id)
        return _expected(self._cases.lock(case_id), version)

    def _held(
        self, who: Reviewer, case_id: str, token: int, version: int | None = None
    ) -> Case:
        """Return a case that *who* has, locked."""
        self._find(who, case_id)
        case = self._cases.held(case_id, who.person, token, self._work.now)
        return _expected(case, version)

    def _check_budget(self, who: Reviewer) -> None:
        budget = Preferences(self._work.session).get(who.person)["budget"]
        if budget and self._leases.n_today(who.person, self._work.now) >= budget:
            msg = f"{budget} posts were seen today, as many as were wanted"
            raise ExposureSpentError(msg)


def _expected(case: Case, version: int | None) -> Case:
    """Return *case* if its caller has seen it as it is now."""
    if version is not None and version != case.version:
        msg = f"the case is at version {case.version} by now"
        raise VersionMismatchError(msg)
    return case
