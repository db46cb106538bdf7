"""One call of the engine, from its posts to its answer."""

import asyncio
from collections.abc import Sequence

from kiemtin.errors import InputError, KiemtinError
from kiemtin.schemas import Item
from serving.engine.lanes import Lane
from serving.engine.scored import Reply

Result = Reply | InputError


class Call:
    """Posts whose answers are awaited together, each its own, in their order."""

    __slots__ = (
        "_missing",
        "_results",
        "answered",
        "began",
        "has_left",
        "items",
        "lane",
        "n_posts_waiting",
        "n_tokens_waiting",
    )

    def __init__(self, items: Sequence[Item], lane: Lane) -> None:
        loop = asyncio.get_running_loop()
        self.items = items
        self.lane = lane
        self.began = loop.time()
        self.answered: asyncio.Future[list[Result]] = loop.create_future()
        self.n_posts_waiting = 0
        self.n_tokens_waiting = 0
        self.has_left = False
        self._results: list[Result | None] = [None] * len(items)
        self._missing = len(items)

    @property
    def is_over(self) -> bool:
        """Whether nobody waits for it any more."""
        return self.answered.done()

    def give(self, index: int, result: Result) -> None:
        """Answer one post; the last one answers the call."""
        if self.is_over:
            return
        self._results[index] = result
        self._missing -= 1
        if not self._missing:
            self.answered.set_result([x for x in self._results if x is not None])

    def fail(self, error: KiemtinError) -> None:
        """Answer all of it with *error*."""
        if not self.is_over:
            self.answered.set_exception(error)

    def drop(self) -> None:
        """Nobody wants the answer: what still waits of it is not computed."""
        self.answered.cancel()
