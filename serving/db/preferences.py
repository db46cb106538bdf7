"""How people want the console: every query about it."""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from serving.db.tables import PreferencesRow

DEFAULTS: Mapping[str, int] = {"blur": 1, "grey": 1, "budget": 0}
"""Texts are blurred and pictures grey until somebody wants otherwise; 0 is no budget."""


class Preferences:
    """The preferences, through one session; the caller commits."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def get(self, person: str) -> dict[str, int]:
        """Return all that *person* chose, and the default for what they did not."""
        row = self._session.get(PreferencesRow, person)
        chosen = row.chosen if row else {}
        return {k: chosen.get(k, default) for k, default in DEFAULTS.items()}

    def set(self, person: str, chosen: Mapping[str, int]) -> None:
        """
        Remember what *person* chose; what is not in *chosen* stays as it is.

        Raises:
            KeyError: If there is no such preference.
        """
        for name in chosen:
            DEFAULTS[name]
        both = self.get(person) | dict(chosen)
        self._session.merge(PreferencesRow(person=person, chosen=both))
        self._session.flush()
