"""Cases are given to people for a time, and come back."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from serving.db import Case, Cases, Leases, StoredLease, Work
from serving.review.drawing import Chance, Drawn
from serving.review.outcomes import Stage
from serving.review.policy import ReviewPolicy


@dataclass(frozen=True, slots=True)
class Lease:
    """
    That a person has a case until ``ends_at``.

    Attributes:
        case_id: Which case.
        token: The fencing number that their acts must carry.
        ends_at: When anybody else may have it.
        drawn: How it came to them, a ``Drawn``. They must not learn it: a golden item
            looks like any other.
        is_blind: Whether they see no scores before they decide.
    """

    case_id: str
    token: int
    ends_at: datetime
    drawn: str
    is_blind: bool


class Lending:
    """
    Writes down who has a case; whether they may is for others to say.

    Args:
        work: What it is a part of.
        policy: Says how long a lease is, and how many are blind.
        chance: Draws those.
    """

    def __init__(self, work: Work, policy: ReviewPolicy, chance: Chance) -> None:
        self._work = work
        self._policy = policy
        self._chance = chance
        self._cases = Cases(work.session)
        self._leases = Leases(work.session)

    def lend(self, person: str, case: Case, drawn: Drawn) -> Lease:
        """Let *person* have *case*, which is locked and nobody's."""
        now = self._work.now
        if case.lease_ends_at is not None:
            ended_at = min(now, case.lease_ends_at)
            self._leases.end(case.id, case.lease_token, "expired", ended_at)
        token, ends_at = case.lease_token + 1, self._ends_at()
        is_blind = self._is_blind(case)
        self._cases.change(
            case, holder=person, lease_token=token, lease_ends_at=ends_at
        )
        self._leases.add(
            StoredLease(
                case_id=case.id,
                person=person,
                token=token,
                author=case.author,
                drawn=drawn,
                is_blind=is_blind,
                taken_at=now,
            )
        )
        self._work.note("case.claim", case.id, token=token, drawn=drawn)
        return Lease(case.id, token, ends_at, drawn, is_blind)

    def extend(self, case: Case) -> Lease:
        """Let who has *case* keep it for as long as anew."""
        return self.of(self._cases.extend(case, self._ends_at()))

    def take_back(
        self, case: Case, how: str, reason: str | None = None, **changes: Any
    ) -> None:
        """Let *case* be nobody's, and change what else there is to change of it."""
        now = self._work.now
        self._leases.end(case.id, case.lease_token, how, now, reason)
        self._cases.change(case, holder=None, lease_ends_at=None, **changes)

    def of(self, case: Case) -> Lease:
        """
        Return the lease of *case*, which somebody has.

        Raises:
            LookupError: If nobody has.
        """
        stored = self._leases.get(case.id, case.lease_token)
        if stored is None or case.lease_ends_at is None:
            msg = f"{case.id} has no lease {case.lease_token}"
            raise LookupError(msg)
        token, ends_at = case.lease_token, case.lease_ends_at
        return Lease(case.id, token, ends_at, stored.drawn, stored.is_blind)

    def _ends_at(self) -> datetime:
        return self._work.now + timedelta(seconds=self._policy.lease.seconds)

    def _is_blind(self, case: Case) -> bool:
        """Draw whether the scores stay hidden; a lead must see what was said before."""
        is_drawn = self._chance.random() < self._policy.shares.blind
        return is_drawn and case.stage != Stage.ADJUDICATION
