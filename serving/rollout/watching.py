"""Look again and again whether another model is to score."""

import asyncio

import anyio.to_thread
import structlog

from kiemtin.errors import KiemtinError
from serving.rollout.rollout import Rollout
from serving.rollout.wishes import Reading, Wishes

_log = structlog.get_logger()


class Watch:
    """
    Does what is wished for, as soon as it is.

    Args:
        rollout: Who does it.
        wishes: Where it is said.
    """

    def __init__(self, rollout: Rollout, wishes: Wishes) -> None:
        self._rollout = rollout
        self._wishes = wishes
        self._stop = asyncio.Event()
        self._unknown = ""

    async def look(self) -> None:
        """Do what is wished for now; what is in the way is logged."""
        try:
            reading = await anyio.to_thread.run_sync(self._wishes.read)
            self._note_unknown(reading)
            await self._rollout.follow(reading)
        except (KiemtinError, OSError) as e:
            code = e.code if isinstance(e, KiemtinError) else type(e).__name__
            _log.warning("models_not_followed", code=code)

    async def keep_looking(self, every_s: float) -> None:
        """Look every so often, until told to stop."""
        while not self._stop.is_set():
            try:
                await asyncio.wait_for(self._stop.wait(), every_s)
            except TimeoutError:
                await self.look()

    def stop(self) -> None:
        """Look no more; a swap that is under way is not broken off."""
        self._stop.set()

    def _note_unknown(self, reading: Reading) -> None:
        """Log once that the file names a folder that is not there."""
        named = reading.named.folder if reading.named else ""
        is_there = any(x.folder.name == named for x in reading.bundles)
        unknown = "" if is_there else named
        if unknown and unknown != self._unknown:
            _log.warning("named_model_unknown", folder=unknown)
        self._unknown = unknown
