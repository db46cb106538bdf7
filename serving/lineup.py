"""The models of a service: the one that scores, and the one that only watches."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from kiemtin.cores import n_cores
from serving.db import Database
from serving.engine import Engine, Lane, Terms
from serving.metrics import Metrics
from serving.rollout import Catalog, Refusals, Rollout, Watch, Wishes, start_engine
from serving.settings import Settings
from serving.shadow import Shadow, ShadowFigures

_NICE = 19
_SHADOW_S = 60


@dataclass(frozen=True, slots=True)
class Lineup:
    """
    Who scores.

    Attributes:
        engine: With the model that answers callers.
        rollout: Who puts another in its place.
        shadow: With the challenger, if there is one.
    """

    engine: Engine
    rollout: Rollout
    shadow: Shadow | None


_GPU_BATCH_TOKENS = 16_384


@asynccontextmanager
async def line_up(
    settings: Settings, database: Database, counts: Metrics
) -> AsyncIterator[Lineup]:
    """Start all of them, and end them in the end."""
    on_gpu = settings.provider != "cpu"
    fitting = 1 if on_gpu else max(1, n_cores() // settings.threads)
    terms = Terms(
        workers=settings.workers or fitting,
        threads=settings.threads,
        provider=settings.provider,
        batch_tokens=max(settings.batch_tokens, _GPU_BATCH_TOKENS if on_gpu else 0),
        repeats=settings.cache_posts,
        waits_s={
            Lane.INTERACTIVE: settings.queue_s,
            Lane.BULK: settings.bulk_queue_s,
        },
    )
    deadlines_s = {
        Lane.INTERACTIVE: settings.deadline_s,
        Lane.BULK: settings.bulk_deadline_s,
    }

    async def start(folder: Path) -> Engine:
        return await Engine.start(
            folder, terms, deadlines_s=deadlines_s, metrics=counts.engine
        )

    wishes = Wishes(Catalog(settings.bundle, settings.models), database)
    refusals = Refusals()
    engine = await start_engine(start, wishes, refusals)
    counts.watch(engine)
    rollout = Rollout(engine, wishes, refusals)
    watch = Watch(rollout, wishes)
    await watch.look()
    watching = asyncio.create_task(_keep_looking(watch, settings.models_watch_s))
    shadow = _begin_shadow(settings, engine, terms, counts)
    try:
        yield Lineup(engine, rollout, shadow)
    finally:
        watch.stop()
        await watching
        if shadow:
            await shadow.close()
        await rollout.close()
        await engine.close()


async def _keep_looking(watch: Watch, every_s: float) -> None:
    if every_s:
        await watch.keep_looking(every_s)


def _begin_shadow(
    settings: Settings, engine: Engine, terms: Terms, counts: Metrics
) -> Shadow | None:
    if not settings.shadow:
        return None
    folder = Path(settings.shadow)
    if settings.models and (settings.models / folder).is_dir():
        folder = settings.models / folder
    modest = replace(
        terms,
        workers=1,
        threads=1,
        repeats=0,
        waits_s=dict.fromkeys(Lane, _SHADOW_S),
        nice=_NICE,
    )

    async def start() -> Engine:
        deadlines_s = dict.fromkeys(Lane, float(_SHADOW_S))
        return await Engine.start(folder, modest, deadlines_s=deadlines_s)

    shadow = Shadow(
        start,
        lambda: "" if engine.refusal else engine.model.digest,
        share=settings.shadow_share,
    )
    engine.listener = shadow.overhear
    counts.registry.register(ShadowFigures(shadow))
    shadow.begin()
    return shadow
