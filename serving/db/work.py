"""One unit of work: what is done in it is written together, with who did it, or not."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from serving.db.audit import Act, Audit

__all__ = ["Session", "Work"]


@dataclass(slots=True)
class Work:
    """
    A transaction that writes, made by ``Database.work``; its opener commits.

    Attributes:
        session: For the repositories of ``serving.db``; nobody else uses it.
        actor: Who does it: the pseudonym of a person, or ``system``.
        now: When; the same for all that is done in it.
    """

    session: Session
    actor: str
    now: datetime
    _acts: list[Act] = field(default_factory=list)

    def note(self, action: str, subject: str, **detail: Any) -> None:
        """Let the audit log say that *actor* did *action* to *subject*; never a text."""
        self._acts.append(Act(self.now, self.actor, action, subject, detail))

    def commit(self) -> None:
        """
        Write all of it.

        The end of the audit log is locked only here, for as long as a commit takes: so
        nobody waits for another who has a transaction open.
        """
        self.session.flush()
        if self._acts:
            Audit(self.session).append(self._acts)
            self._acts.clear()
        self.session.commit()
