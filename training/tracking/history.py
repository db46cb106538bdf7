"""
What became champion when, by whom and why: an append-only record.

Each entry is a run of the experiment ``kiemtin-promotions``. It is written before the
alias moves and closed after; one that was cut short in between is settled by where the
alias stands.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any, Literal

from mlflow.entities import Run
from mlflow.tracking import MlflowClient
from pydantic import BaseModel, ConfigDict

from training.tracking.store import find_experiment, store_errors

EXPERIMENT = "kiemtin-promotions"
DOCUMENT = "decision.json"

_RUNNING, _DONE, _DROPPED = "RUNNING", "FINISHED", "KILLED"


class Kind(StrEnum):
    """What was decided."""

    PROMOTION = "promotion"
    ROLLBACK = "rollback"
    REFUSAL = "refusal"


class Decision(BaseModel):
    """One decision about who is champion."""

    model_config = ConfigDict(frozen=True)

    kind: Kind
    version: str
    """Which became champion, or did not."""
    digest: str
    """Of its bundle."""
    before: str = ""
    """The champion until then, if there was one."""
    before_digest: str = ""
    data_digest: str = ""
    """Of the splits that both were measured on; a rollback measures nothing."""
    by: str
    reason: str
    when: datetime
    outcome: Literal["pending", "done", "dropped"] = "pending"
    """Dropped are those that were cut short before the alias moved."""


class History:
    """Every decision in a store."""

    def __init__(self, client: MlflowClient) -> None:
        self._client = client
        self._store = str(client.tracking_uri)

    def decisions(self) -> list[Decision]:
        """Return every decision, the newest first."""
        return [_decision(r) for r in self._runs()]

    def open(self, decision: Decision, document: Mapping[str, Any]) -> str:
        """Record *decision*, with all that it rests on, and return the entry's id."""
        values = decision.model_dump(mode="json", exclude={"outcome"})
        with store_errors(self._store):
            run = self._client.create_run(
                find_experiment(self._client, EXPERIMENT),
                tags={k: str(v) for k, v in values.items()},
                run_name=f"{decision.kind} of {decision.version}",
            )
            entry = str(run.info.run_id)
            self._client.log_dict(entry, {**values, **document}, DOCUMENT)
        return entry

    def close(self, entry: str, *, done: bool) -> None:
        """Record whether the alias moved."""
        with store_errors(self._store):
            self._client.set_terminated(entry, _DONE if done else _DROPPED)

    def settle(self, champion: str) -> None:
        """Close what was cut short, by whether *champion* is what it decided."""
        newest = True
        for run in self._runs():
            if run.info.status == _RUNNING:
                done = newest and run.data.tags["version"] == champion
                self.close(run.info.run_id, done=done)
            newest = newest and run.data.tags["kind"] == Kind.REFUSAL

    def champions(self) -> list[str]:
        """Return who was champion before whom, the present one last."""
        return replay(self.decisions())

    def _runs(self) -> list[Run]:
        with store_errors(self._store):
            experiment = find_experiment(self._client, EXPERIMENT)
            found: list[Run] = []
            token = None
            while token != "":
                page = self._client.search_runs(
                    [experiment],
                    order_by=["attributes.start_time DESC"],
                    page_token=token,
                )
                found += page
                token = page.token or ""
        return found


def replay(decisions: Sequence[Decision]) -> list[str]:
    """
    Return who was champion before whom, the present one last.

    Args:
        decisions: The newest first; a rollback undoes the last promotion that stands.
    """
    champions: list[str] = []
    for x in reversed(decisions):
        if x.outcome == "done" and x.kind is Kind.PROMOTION:
            champions.append(x.version)
        elif x.outcome == "done" and x.kind is Kind.ROLLBACK and champions:
            champions.pop()
    return champions


def _decision(run: Run) -> Decision:
    outcomes = {_RUNNING: "pending", _DONE: "done"}
    known = {k: v for k, v in run.data.tags.items() if k in Decision.model_fields}
    outcome = outcomes.get(run.info.status, "dropped")
    return Decision.model_validate({**known, "outcome": outcome})
