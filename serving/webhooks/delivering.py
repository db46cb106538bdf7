"""Messages that wait are sent, by whichever replica is there, until they arrive."""

import asyncio
import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from http import HTTPStatus
from typing import Protocol, TypeVar

import anyio
import anyio.to_thread
import structlog

from serving.db import Database, Deliveries, Delivery, Endpoint, Endpoints, Try
from serving.db.deliveries import DEAD, DELIVERED, WAITING
from serving.errors import DatabaseUnavailableError
from serving.webhooks.endpoints import disable

AGAIN_S = (5, 30, 120, 900, 3600, 6 * 3600, 24 * 3600)
"""After each try that failed, until the next; after the last of them it is dead."""
MOST_TRIES = len(AGAIN_S) + 1
JITTER = 0.2
LEASE_S = 120
"""As long nobody else sends what is being sent; more than the slowest batch takes."""
BATCH, AT_ONCE = 16, 4
"""How many messages of one address are taken, and sent, at once."""
KEPT = timedelta(days=30)
"""How long a message is kept that has arrived, or is dead."""
_FORGET_EVERY_S, _COUNT_EVERY_S = 3600.0, 15.0
_GONE = "gone"
_log = structlog.get_logger()
T = TypeVar("T")


class Sends(Protocol):
    """What sends a message, once."""

    async def send(self, delivery: Delivery, endpoint: Endpoint) -> Try:
        """Send *delivery* to *endpoint* and return how it went."""
        ...


class Deliverer:
    """
    Sends what is due; each address has a task of its own, so none waits for another.

    Args:
        database: Where the messages are.
        sender: Sends one.
        every_s: How often to look for what is due.
        lease_s: How long a message is nobody else's.
        now: The time of day.
        note: Told how each try went: ``delivered``, ``failed`` or ``dead``.
        show: Told now and then how many messages are ``waiting``, or ``dead``.
    """

    def __init__(
        self,
        database: Database,
        sender: Sends,
        *,
        every_s: float = 1.0,
        lease_s: float = LEASE_S,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        note: Callable[[str], None] = lambda outcome: None,
        show: Callable[[str, int], None] = lambda state, n: None,
    ) -> None:
        self._database, self._sender = database, sender
        self._every_s, self._lease_s = every_s, lease_s
        self._now, self._note, self._show = now, note, show
        # Threads of their own: a database that hangs must not take those of the routes.
        self._threads = anyio.CapacityLimiter(AT_ONCE)
        self._serving: dict[str, asyncio.Task[None]] = {}
        self._forgot_at = self._counted_at = float("-inf")
        self._is_away = False

    async def run(self) -> None:
        """Deliver until cancelled; a database that is away is tried again."""
        try:
            while True:
                try:
                    await self.look()
                    await self._count()
                    await self._forget()
                    self._is_away = False
                except DatabaseUnavailableError as e:
                    self._lose(e)
                except Exception as e:  # noqa: BLE001 -- whatever it was, others still wait
                    _log.error("webhooks_failed", error=type(e).__name__)
                await asyncio.sleep(self._every_s)
        finally:
            for task in self._serving.values():
                task.cancel()
            await asyncio.gather(*self._serving.values(), return_exceptions=True)

    async def look(self) -> None:
        """Begin to serve each address for which something is due."""
        for endpoint_id in await self._thread(self._due):
            if endpoint_id not in self._serving:
                task = asyncio.create_task(self._serve(endpoint_id))
                self._serving[endpoint_id] = task
                task.add_done_callback(partial(self._served, endpoint_id))

    async def settle(self) -> None:
        """Wait until nothing is being sent."""
        while self._serving:
            await asyncio.wait(list(self._serving.values()))

    def _served(self, endpoint_id: str, task: asyncio.Task[None]) -> None:
        del self._serving[endpoint_id]
        if not task.cancelled() and (e := task.exception()):
            _log.error("webhooks_stopped", webhook=endpoint_id, error=type(e).__name__)

    async def _serve(self, endpoint_id: str) -> None:
        """Send what is due to one address, until nothing is."""
        at_once = asyncio.Semaphore(AT_ONCE)
        try:
            while True:
                endpoint, leased = await self._thread(lambda: self._lease(endpoint_id))
                if endpoint is None or not leased:
                    return
                await asyncio.gather(
                    *(self._deliver(x, endpoint, at_once) for x in leased)
                )
        except DatabaseUnavailableError as e:
            self._lose(e)

    def _lose(self, error: DatabaseUnavailableError) -> None:
        if not self._is_away:
            _log.warning("webhooks_not_read", code=error.code)
        self._is_away = True

    async def _deliver(
        self, delivery: Delivery, endpoint: Endpoint, at_once: asyncio.Semaphore
    ) -> None:
        """Send one, and write how it went; unwritten it is sent again after the lease."""
        async with at_once:
            result = await self._send(delivery, endpoint)
        try:
            state = await self._thread(lambda: self._end(delivery, result))
        except DatabaseUnavailableError as e:
            _log.warning("webhook_not_noted", message=delivery.id, code=e.code)
            return
        log = _log.debug if result.error is None else _log.info
        log(
            "webhook_sent",
            webhook=endpoint.id,
            message=delivery.id,
            status=result.status,
            error=result.error,
            n_tries=delivery.n_tries,
            state=state,
        )
        self._note("failed" if state == WAITING else state)

    async def _send(self, delivery: Delivery, endpoint: Endpoint) -> Try:
        try:
            return await self._sender.send(delivery, endpoint)
        except Exception as e:  # noqa: BLE001 -- one bad message must not stop the others
            _log.error("webhook_failed", message=delivery.id, error=type(e).__name__)
            return Try(None, "internal")

    def _due(self) -> list[str]:
        with self._database.session() as session:
            return Endpoints(session).due(self._now())

    def _lease(self, endpoint_id: str) -> tuple[Endpoint | None, list[Delivery]]:
        now = self._now()
        until = now + timedelta(seconds=self._lease_s)
        with self._database.work("system", now=now) as work:
            endpoint = Endpoints(work.session).get(endpoint_id)
            if endpoint is None or endpoint.disabled_at:
                return None, []
            leased = Deliveries(work.session).lease(endpoint_id, now, until, BATCH)
            work.commit()
        return endpoint, leased

    def _end(self, delivery: Delivery, result: Try) -> str:
        """Write how it went and return what the message is now."""
        now = self._now()
        state, next_at = _next(delivery, result, now)
        is_gone = result.status == HTTPStatus.GONE
        with self._database.work("system", now=now) as work:
            if is_gone:
                # Locked before its messages, as wherever both are.
                Endpoints(work.session).get(delivery.endpoint_id, lock=True)
            Deliveries(work.session).note(
                delivery, result, state=state, next_at=next_at, now=now
            )
            if is_gone:
                disable(work, delivery.endpoint_id, reason=_GONE)
            work.commit()
        return state

    async def _count(self) -> None:
        now_s = asyncio.get_running_loop().time()
        if now_s - self._counted_at < _COUNT_EVERY_S:
            return
        self._counted_at = now_s
        for state, n in (await self._thread(self._counts)).items():
            self._show(state, n)

    def _counts(self) -> dict[str, int]:
        with self._database.session() as session:
            return Deliveries(session).count()

    async def _forget(self) -> None:
        now_s = asyncio.get_running_loop().time()
        if now_s - self._forgot_at < _FORGET_EVERY_S:
            return
        n = await self._thread(self._forget_old)
        self._forgot_at = now_s
        _log.info("webhooks_forgotten", n_messages=n)

    def _forget_old(self) -> int:
        with self._database.work("system", now=self._now()) as work:
            n = Deliveries(work.session).forget(work.now - KEPT)
            work.commit()
        return n

    async def _thread(self, do: Callable[[], T]) -> T:
        return await anyio.to_thread.run_sync(do, limiter=self._threads)


def _next(
    delivery: Delivery, result: Try, now: datetime
) -> tuple[str, datetime | None]:
    """Return what becomes of a message after a try, and when the next one is."""
    if result.error is None:
        return DELIVERED, None
    if result.status == HTTPStatus.GONE or delivery.n_tries >= MOST_TRIES:
        return DEAD, None
    wait_s = AGAIN_S[delivery.n_tries - 1] * random.uniform(1 - JITTER, 1 + JITTER)  # noqa: S311 -- no secret
    return WAITING, now + timedelta(seconds=wait_s)
