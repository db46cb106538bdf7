"""What was done, by whom."""

from pydantic import AwareDatetime

from serving.schemas.wire import Wire


class AuditEntryOut(Wire):
    """One act."""

    position: int
    at: AwareDatetime
    actor: str
    """The pseudonym of a person, or ``system``."""
    action: str
    subject: str
    detail: dict[str, str | int | None]
    digest: str


class AuditOut(Wire):
    """Some acts, newest first."""

    entries: list[AuditEntryOut]
    next_cursor: str | None
