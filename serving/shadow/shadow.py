"""The challenger: asked after the answer was given, with what is left of the machine."""

import asyncio
import random
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime

import structlog

from kiemtin.errors import KiemtinError
from kiemtin.schemas import Item
from serving.engine import Engine, Lane, Model, Reply, Scored
from serving.schemas.models import (
    ChallengerOut,
    RefusalOut,
    ShadowOut,
    ShadowState,
)
from serving.shadow.comparison import Comparison
from serving.shadow.report import posts_of, slices_of

MOST_POSTS = 512
MOST_CHARS = 1 << 20
"""So much may wait for the challenger, and not more than that of texts."""
_AT_ONCE = 16
_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Sample:
    """A post, what was said of it, and by which model."""

    item: Item
    reply: Reply
    champion: str


class Shadow:
    """
    Has a challenger score a share of the posts, and counts how it differs.

    Callers wait for nothing of it and hear nothing of it.

    Args:
        start: Loads the challenger.
        champion: Returns the digest of the model that serves; empty if none does.
        share: Of how many posts the challenger is asked, 0 to 1.
        chance: Returns numbers from 0 to 1.
    """

    def __init__(
        self,
        start: Callable[[], Awaitable[Engine]],
        champion: Callable[[], str],
        *,
        share: float,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._start = start
        self._champion = champion
        self._share = share
        self._chance = chance
        self._engine: Engine | None = None
        self._samples: deque[Sample] = deque()
        self._n_chars = 0
        self._is_there = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._closing = False
        self.comparison: Comparison | None = None

    def begin(self) -> None:
        """Load the challenger, and ask it from then on."""
        self._task = asyncio.create_task(self._work())

    async def close(self) -> None:
        """Ask it no more; what is being loaded is not broken off."""
        self._closing = True
        if self._task:
            if self._engine:
                self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
        if self._engine:
            await self._engine.close()

    @property
    def model(self) -> Model | None:
        """The challenger, once it is loaded."""
        is_good = self._engine is not None and self._engine.refusal is None
        return self._engine.model if self._engine and is_good else None

    @property
    def digest(self) -> str:
        """What identifies it; empty as long as it is not loaded."""
        return self.model.digest if self.model else ""

    def overhear(self, items: Sequence[Item], scored: Scored) -> None:
        """Keep some of *items* for the challenger; what finds no room is only counted."""
        model = self.model
        if model is None or scored.model.digest == model.digest:
            return
        for item, reply in zip(items, scored.results, strict=True):
            if self._chance() < self._share and isinstance(reply, Reply):
                self._keep(Sample(item, reply, scored.model.digest))

    def describe(self) -> ShadowOut:
        """Return how it differs, since the model that serves does."""
        refusal = self._engine.refusal if self._engine else None
        state = ShadowState.LOADING
        if self._engine:
            state = ShadowState.REFUSED if refusal else ShadowState.COMPARING
        model, comparison = self.model, self.comparison
        return ShadowOut(
            state=state,
            refusal=RefusalOut(code=refusal.code, detail=str(refusal))
            if refusal
            else None,
            share=self._share,
            challenger=ChallengerOut(
                name=model.out.name, version=model.out.version, digest=model.digest
            )
            if model
            else None,
            champion=comparison.champion if comparison else None,
            since=comparison.since if comparison else None,
            posts=posts_of(comparison),
            slices=slices_of(comparison),
        )

    def _keep(self, sample: Sample) -> None:
        comparison = self._compared_with(sample.champion)
        if comparison is None:
            return
        n_chars = self._n_chars + len(sample.item.text)
        if len(self._samples) >= MOST_POSTS or n_chars > MOST_CHARS:
            comparison.n_dropped += 1
            return
        self._n_chars = n_chars
        self._samples.append(sample)
        self._is_there.set()

    def _compared_with(self, champion: str) -> Comparison | None:
        """Return the counts beside *champion*; None if it serves no longer."""
        if self.comparison is None or self.comparison.champion != champion:
            if champion != self._champion():
                return None
            self.comparison = Comparison(champion, datetime.now(UTC))
        return self.comparison

    async def _work(self) -> None:
        self._engine = engine = await self._start()
        if engine.refusal:
            _log.error("shadow_refused", code=engine.refusal.code)
            return
        _log.info("shadow_loaded", model=engine.short_digest, share=self._share)
        while not self._closing:
            await self._is_there.wait()
            n = min(_AT_ONCE, len(self._samples))
            samples = [self._samples.popleft() for _ in range(n)]
            self._n_chars -= sum(len(x.item.text) for x in samples)
            if not self._samples:
                self._is_there.clear()
            try:
                await self._compare(engine, samples)
            except Exception as e:  # noqa: BLE001 -- no mistake may end it
                self._fail(samples)
                code = e.code if isinstance(e, KiemtinError) else type(e).__name__
                _log.warning("shadow_failed", code=code, n_posts=n)

    async def _compare(self, engine: Engine, samples: Sequence[Sample]) -> None:
        # Reasons are not compared, and they would cost more than all the rest.
        items = [Item("", x.item.text) for x in samples]
        scored = await engine.score(items, lane=Lane.BULK)
        for sample, reply in zip(samples, scored.results, strict=True):
            comparison = self._compared_with(sample.champion)
            if comparison is None:
                continue
            if isinstance(reply, Reply):
                comparison.add(sample.reply.parse(), reply.parse())
            else:
                comparison.n_failed += 1

    def _fail(self, samples: Sequence[Sample]) -> None:
        for sample in samples:
            if comparison := self._compared_with(sample.champion):
                comparison.n_failed += 1
