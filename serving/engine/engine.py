"""The model that serves, or the reason why there is none."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

from kiemtin.errors import BundleError
from kiemtin.schemas import Item
from serving.engine.call import Call
from serving.engine.crew import Crew, Terms
from serving.engine.lanes import Lane
from serving.engine.metrics import EngineMetrics, NoMetrics
from serving.engine.model import Model
from serving.engine.scored import Scored
from serving.errors import DeadlineError


class Engine:
    """
    Scores for many callers at once; without a good bundle it refuses to.

    Args:
        crew: Who scores, or why nobody does.
        terms: How whoever comes after them works.
        deadlines_s: How long a call of each lane may take, if it does not say.
        metrics: Who counts.

    Attributes:
        listener: Called with the posts of each call and what was said of them.
    """

    def __init__(
        self,
        crew: Crew | BundleError,
        terms: Terms,
        *,
        deadlines_s: dict[Lane, float],
        metrics: EngineMetrics,
    ) -> None:
        self._crew = crew
        self._terms = terms
        self._deadlines_s = deadlines_s
        self._metrics = metrics
        self._retiring: set[asyncio.Task[None]] = set()
        self.listener: Callable[[Sequence[Item], Scored], None] | None = None

    @classmethod
    async def start(
        cls,
        folder: Path,
        terms: Terms,
        *,
        deadlines_s: dict[Lane, float],
        metrics: EngineMetrics | None = None,
    ) -> "Engine":
        """Load the bundle in *folder* and try it on its golden texts."""
        metrics = metrics or NoMetrics()
        try:
            crew: Crew | BundleError = await Crew.start(folder, terms, metrics)
        except BundleError as e:
            crew = e
        return cls(crew, terms, deadlines_s=deadlines_s, metrics=metrics)

    async def close(self) -> None:
        """Stop scoring."""
        await asyncio.gather(*self._retiring)
        if isinstance(self._crew, Crew):
            await self._crew.close()

    @property
    def crew(self) -> Crew:
        """
        Who scores.

        Raises:
            BundleError: If the bundle was refused.
        """
        if isinstance(self._crew, BundleError):
            raise self.refusal or BundleError
        return self._crew

    @property
    def model(self) -> Model:
        """
        The model that new calls are scored by.

        Raises:
            BundleError: If the bundle was refused.
        """
        return self.crew.model

    @property
    def refusal(self) -> BundleError | None:
        """Why there is no model; None if there is one."""
        if isinstance(self._crew, BundleError):
            # One error raised by many requests would grow a traceback without end.
            return type(self._crew)(*self._crew.args)
        return None

    @property
    def short_digest(self) -> str:
        """Enough of the model's digest to know it by in a log; empty without one."""
        return self._crew.model.short_digest if isinstance(self._crew, Crew) else ""

    async def score(
        self,
        items: Sequence[Item],
        *,
        lane: Lane = Lane.INTERACTIVE,
        deadline_s: float | None = None,
    ) -> Scored:
        """
        Score *items* when it is their turn.

        Args:
            items: One post or many; all are scored by the same model.
            lane: Which queue they wait in.
            deadline_s: In how many seconds nobody wants the answer any more;
                that of the lane if it is None.

        Raises:
            BundleError: If the bundle was refused.
            QueueFullError: If too much waits already.
            DeadlineError: If it was not done in time.
        """
        crew = self.crew
        if not items:
            return Scored([], crew.model)
        call = Call(items, lane)
        crew.submit(call)
        seconds = self._deadlines_s[lane] if deadline_s is None else deadline_s
        timer = asyncio.get_running_loop().call_later(seconds, self._expire, call)
        try:
            scored = Scored(await call.answered, crew.model)
        finally:
            timer.cancel()
            crew.leave(call)
        if self.listener:
            self.listener(items, scored)
        return scored

    async def swap(
        self,
        folder: Path,
        *,
        agree: Callable[[Model], Awaitable[None]] | None = None,
    ) -> Model:
        """
        Let the bundle in *folder* score all calls from now on, and return it.

        Calls that are under way end with the model that they began with.

        Args:
            folder: Where it is.
            agree: Awaited once it has proven itself, before any call is scored by it;
                what it raises leaves everything as it was.

        Raises:
            BundleError: If it is refused; then everything stays as it was.
        """
        new = await Crew.start(folder, self._terms, self._metrics)
        try:
            if agree:
                await agree(new.model)
        except BaseException:
            await new.close()
            raise
        old, self._crew = self._crew, new
        if isinstance(old, Crew):
            task = asyncio.create_task(old.retire())
            self._retiring.add(task)
            task.add_done_callback(self._retiring.discard)
        return new.model

    def _expire(self, call: Call) -> None:
        self._metrics.expired(call.lane)
        seconds = asyncio.get_running_loop().time() - call.began
        call.fail(DeadlineError(f"not scored in {seconds:.1f} s"))
