"""Models that were made the one that scores: every query about them."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from serving.db.tables import ActivationRow


class Kind(StrEnum):
    """How it was chosen."""

    ACTIVATION = "activation"
    ROLLBACK = "rollback"
    FILE = "file"
    """By the file ``ACTIVE`` in the folder of models."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Activation:
    """
    One entry of the log.

    Attributes:
        at: When it was.
        kind: How it was chosen.
        by: The id of the key that asked.
        name: Of the model.
        version: Of the model.
        digest: Of its bundle.
        before: The digest of the one that it replaced; empty if there was none.
    """

    at: datetime
    kind: Kind
    by: str
    name: str
    version: str
    digest: str
    before: str


class Activations:
    """The log of one session; the caller commits."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, activation: Activation) -> None:
        """Append *activation*."""
        self._session.add(
            ActivationRow(
                at=activation.at,
                kind=activation.kind.value,
                by=activation.by,
                name=activation.name,
                version=activation.version,
                digest=activation.digest,
                before=activation.before,
            )
        )

    def latest(self, n: int = 1) -> list[Activation]:
        """Return the *n* newest, the newest first."""
        newest = select(ActivationRow).order_by(ActivationRow.id.desc()).limit(n)
        return [
            Activation(
                at=row.at,
                kind=Kind(row.kind),
                by=row.by,
                name=row.name,
                version=row.version,
                digest=row.digest,
                before=row.before,
            )
            for row in self._session.scalars(newest)
        ]
