"""Callers who leave before their answer: their work is dropped."""

import asyncio
from collections.abc import Awaitable
from typing import TypeVar

from starlette.types import Receive

from serving.errors import ClientLeftError

_T = TypeVar("_T")

_SOON_S = 0.5
"""Most answers are there by then, and nobody need watch for who leaves earlier."""


async def unless_left(receive: Receive, work: Awaitable[_T]) -> _T:
    """
    Return what *work* comes to, unless the caller leaves before.

    Args:
        receive: What the server says of the connection; the body was read.
        work: It is cancelled when the caller leaves.

    Raises:
        ClientLeftError: If the caller left.
    """
    loop = asyncio.get_running_loop()
    watching: list[asyncio.Task[None]] = []
    ours = asyncio.current_task()
    has_left = False

    async def watch() -> None:
        nonlocal has_left
        while (await receive())["type"] != "http.disconnect":
            pass
        has_left = True
        if ours:
            ours.cancel()

    timer = loop.call_later(_SOON_S, lambda: watching.append(loop.create_task(watch())))
    try:
        return await work
    except asyncio.CancelledError:
        if not has_left:
            raise
        if ours:
            ours.uncancel()
        msg = "the caller left before the answer"
        raise ClientLeftError(msg) from None
    finally:
        timer.cancel()
        for task in watching:
            task.cancel()
