"""Who is champion, and the record of how that came to be, kept together."""

from collections.abc import Mapping
from typing import Any

import structlog

from training.errors import NoModelError, StoreError
from training.tracking.history import Decision, History
from training.tracking.registry import CHAMPION, Registered, Registry

log = structlog.get_logger()


class Promoter:
    """
    Moves the alias ``champion``, which is the last step of every decision.

    A process that is killed before leaves the old champion and an open entry in the
    history, which the next decision closes.
    """

    def __init__(self, registry: Registry) -> None:
        self._registry = registry
        self._history = History(registry.client)
        champion = registry.champion()
        self._history.settle(champion.version if champion else "")

    def former(self, champion: Registered | None) -> Registered:
        """
        Return who was champion before *champion*.

        Raises:
            NoModelError: If nobody was, or nobody recorded it.
        """
        if champion is None:
            msg = "there is no champion yet"
            raise NoModelError(msg)
        known = self._history.champions()
        if not known or known[-1] != champion.version:
            msg = (
                f"nobody recorded how version {champion.version} became champion, so "
                "nobody knows who was before: promote a version by its number"
            )
            raise NoModelError(msg)
        if len(known) == 1:
            msg = f"nobody was champion before version {champion.version}"
            raise NoModelError(msg)
        return self._registry.find(known[-2])

    def refuse(self, decision: Decision, document: Mapping[str, Any]) -> None:
        """Record that nothing changes, and why."""
        self._history.close(self._history.open(decision, document), done=True)

    def crown(self, decision: Decision, document: Mapping[str, Any]) -> Decision:
        """
        Record *decision* and what it rests on, then move the alias.

        Raises:
            NoModelError: If there is no such version.
            StoreError: If the champion is not the one that it was decided against.
        """
        registry = self._registry
        entry = self._history.open(decision, document)
        told = {
            "champion.at": decision.when.isoformat(),
            "champion.by": decision.by,
            "champion.because": decision.reason,
            "champion.entry": entry,
        }
        registry.mark(decision.version, told)
        champion = registry.champion()
        if (champion.version if champion else "") != decision.before:
            self._history.close(entry, done=False)
            msg = f"version {decision.before or 'none'} is not champion any more: try again"
            raise StoreError(msg)
        registry.set_alias(CHAMPION, decision.version)
        self._history.close(entry, done=True)
        log.info("champion", version=decision.version, before=decision.before)
        return decision.model_copy(update={"outcome": "done"})
