"""What happened to a case, as its reviewers may know it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from serving.db import Entry

_UNTOLD = {"case.read", "case.renew"}
"""Who looked stands in the audit log; here it would bury what was done."""
_ANSWERS = "decision."


@dataclass(frozen=True, slots=True)
class Event:
    """That somebody did something, and the code of the reason where there was one."""

    at: datetime
    person: str
    action: str
    reason: str | None


def history(entries: Iterable[Entry], *, with_answers: bool) -> list[Event]:
    """
    Return what happened, oldest first.

    Of the details only the reason is told: how a case was drawn would give golden
    items away.

    Args:
        entries: What the audit log has on the case.
        with_answers: Whether it may be known that somebody decided.
    """
    acts = (x.act for x in entries if x.act.action not in _UNTOLD)
    return [
        Event(x.at, x.actor, x.action, x.detail.get("reason"))
        for x in acts
        if with_answers or not x.action.startswith(_ANSWERS)
    ]
