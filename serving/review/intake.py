"""Posts are looked up, scored, explained where a person will look, and stored."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import anyio.to_thread

from kiemtin.errors import KiemtinError
from kiemtin.schemas import Item
from serving.db import Database
from serving.engine import Engine, Lane, Model, Reply
from serving.keyed import Keyed
from serving.review import ingest
from serving.review.drafts import Draft, Judged, Prepared, Result, prepare
from serving.review.policy import ReviewPolicy


@dataclass(frozen=True, slots=True)
class Scoring:
    """
    Posts that were scored, and not yet stored.

    Attributes:
        passing: What the model said of the texts that nobody wants kept.
        prepared: The others.
        judged: What it said of those; None for what is there already.
        model: Which one it was.
    """

    passing: Sequence[Reply | KiemtinError]
    prepared: Sequence[Prepared]
    judged: Sequence[Judged | KiemtinError | None]
    model: Model


@dataclass(frozen=True, slots=True)
class Intake:
    """The way of posts into review; no transaction is open while they are scored."""

    engine: Engine
    database: Database
    policy: ReviewPolicy
    keyed: Keyed

    async def score(self, drafts: Sequence[Draft], passing: Sequence[Item]) -> Scoring:
        """
        Score what is not known, and say why where a person will look at it.

        Args:
            drafts: Posts to be stored.
            passing: Texts that are only scored.

        Raises:
            BundleError: If there is no model.
            BusyError: If too much waits already, or it was not done in time.
            DatabaseUnavailableError: If it is not known what is known.
        """
        prepared, wanted = await anyio.to_thread.run_sync(self._look_up, drafts)
        items = [Item(str(i), drafts[i].text) for i in wanted]
        scored = await self.engine.score([*passing, *items], lane=Lane.BULK)
        found = {
            _same(drafts[i]): _judged(x, scored.model)
            for i, x in zip(wanted, scored.results[len(passing) :], strict=True)
        }
        # Who sends one post twice in a batch gets one answer for both.
        judged = [found.get(_same(x)) for x in drafts]
        await self._explain(prepared, judged)
        return Scoring(scored.results[: len(passing)], prepared, judged, scored.model)

    async def store(self, scoring: Scoring) -> list[Result]:
        """Store what was scored, committed, and return what became of each post."""
        if not scoring.prepared:
            return []
        return await anyio.to_thread.run_sync(self._write, scoring)

    async def _explain(
        self,
        prepared: Sequence[Prepared],
        judged: list[Judged | KiemtinError | None],
    ) -> None:
        """Put into *judged* why, for those that open a case: a reviewer will ask."""
        opened = await anyio.to_thread.run_sync(self._opened, prepared, judged)
        items = [Item(str(i), prepared[i].draft.text, explain=True) for i in opened]
        explained = await self.engine.score(items, lane=Lane.BULK)
        for i, x in zip(opened, explained.results, strict=True):
            judged[i] = _judged(x, explained.model, explained=True)

    def _look_up(self, drafts: Sequence[Draft]) -> tuple[list[Prepared], list[int]]:
        prepared = prepare(self.keyed, drafts, ingest.draw)
        if not prepared:
            return [], []
        with self.database.session() as session:
            return prepared, ingest.unscored(session, prepared)

    def _opened(
        self,
        prepared: Sequence[Prepared],
        judged: Sequence[Judged | KiemtinError | None],
    ) -> list[int]:
        with self.database.session() as session:
            return ingest.opened(session, self.policy, prepared, judged)

    def _write(self, scoring: Scoring) -> list[Result]:
        with self.database.work("system") as work:
            write = partial(ingest.write, work, self.policy)
            results = write(scoring.prepared, scoring.judged)
            work.commit()
        return results


def _same(draft: Draft) -> tuple[object, ...]:
    return *draft.key, draft.text


def _judged(
    reply: Reply | KiemtinError, model: Model, *, explained: bool = False
) -> Judged | KiemtinError:
    if isinstance(reply, KiemtinError):
        return reply
    return Judged.of(
        reply.parse(), model.digest, model.policy.version, explained=explained
    )
