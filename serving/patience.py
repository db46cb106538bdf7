"""An end to waiting, at next to no cost for those who need not wait."""

import asyncio
from collections.abc import Awaitable
from typing import Any, TypeVar

_T = TypeVar("_T")

_LOOKS = 8
_MOST_BETWEEN_S = 1.0


class Patience:
    """
    Interrupts what takes too long.

    One timer looks after all who wait, a little late: a timer for each request, which
    is nearly always stopped at once, would cost more than all the rest of reading it.

    Args:
        seconds: How long something may take.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._every_s = min(seconds / _LOOKS, _MOST_BETWEEN_S)
        self._since: dict[asyncio.Task[Any], float] = {}
        self._is_looking = False

    async def wait(self, work: Awaitable[_T]) -> _T:
        """
        Return what *work* comes to.

        Raises:
            TimeoutError: If it takes too long; it is cancelled.
        """
        loop = asyncio.get_running_loop()
        task = asyncio.current_task(loop)
        if task is None:
            msg = "only a task can wait"
            raise RuntimeError(msg)
        self._since[task] = loop.time()
        if not self._is_looking:
            self._look_soon(loop)
        try:
            return await work
        except asyncio.CancelledError:
            if task in self._since:
                raise
            task.uncancel()
            raise TimeoutError from None
        finally:
            self._since.pop(task, None)

    def _look_soon(self, loop: asyncio.AbstractEventLoop) -> None:
        self._is_looking = True
        loop.call_later(self._every_s, self._look, loop)

    def _look(self, loop: asyncio.AbstractEventLoop) -> None:
        self._is_looking = False
        begun = loop.time() - self._seconds
        late = [task for task, since in self._since.items() if since <= begun]
        for task in late:
            del self._since[task]
            task.cancel()
        if self._since:
            self._look_soon(loop)
