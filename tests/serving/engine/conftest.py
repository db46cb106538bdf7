"""Engines with real workers and the tiny bundle."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import pytest

from serving.engine import Engine, Lane, Terms

Started = Callable[..., AbstractAsyncContextManager[Engine]]


@pytest.fixture
def started(bundle: Path) -> Started:
    """Start an engine for as long as a block lasts."""

    @asynccontextmanager
    async def start(
        *,
        folder: Path = bundle,
        workers: int = 1,
        repeats: int = 0,
        waits_s: float = 60,
        batch_tokens: int = 512,
        deadline_s: float = 60,
    ) -> AsyncIterator[Engine]:
        terms = Terms(
            workers=workers,
            repeats=repeats,
            batch_tokens=batch_tokens,
            waits_s=dict.fromkeys(Lane, waits_s),
        )
        deadlines_s = dict.fromkeys(Lane, deadline_s)
        engine = await Engine.start(folder, terms, deadlines_s=deadlines_s)
        try:
            yield engine
        finally:
            await engine.close()

    return start
