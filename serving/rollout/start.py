"""The model that a service begins with."""

from collections.abc import Awaitable, Callable
from pathlib import Path

import anyio.to_thread
import structlog

from kiemtin.models_folder import Found
from serving.engine import Engine
from serving.errors import DatabaseUnavailableError
from serving.rollout.refusals import Refusals
from serving.rollout.wishes import Wishes

_log = structlog.get_logger()


async def start_engine(
    start: Callable[[Path], Awaitable[Engine]], wishes: Wishes, refusals: Refusals
) -> Engine:
    """
    Return an engine with the model that was chosen, or with that of the settings.

    What was chosen gives way if it is gone, or does not prove itself any more.

    Args:
        start: Loads the bundle in a folder.
        wishes: What was chosen.
        refusals: Told what does not prove itself.
    """
    for bundle in await anyio.to_thread.run_sync(_chosen, wishes):
        engine = await start(bundle.folder)
        if engine.refusal is None:
            _log.info("bundle_loaded", model=engine.short_digest, chosen=True)
            return engine
        refusals.note(bundle, engine.refusal)
        _log.error("model_refused", code=engine.refusal.code, digest=bundle.digest)
        await engine.close()
    engine = await start(wishes.catalog.configured)
    if engine.refusal:
        bundle_there = await anyio.to_thread.run_sync(
            Found.at, wishes.catalog.configured
        )
        if bundle_there:
            refusals.note(bundle_there, engine.refusal)
        _log.error("bundle_refused", code=engine.refusal.code)
    else:
        _log.info("bundle_loaded", model=engine.short_digest, chosen=False)
    return engine


def _chosen(wishes: Wishes) -> list[Found]:
    try:
        reading = wishes.read()
    except DatabaseUnavailableError as e:
        _log.error("choice_unknown", code=e.code)
        return []
    if reading.last and not any(w.chosen for w in reading.wishes):
        _log.warning("chosen_model_gone", digest=reading.last.digest)
    return [w.bundle for w in reading.wishes]
