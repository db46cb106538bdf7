"""The keys that open something, held in memory, never older than a few seconds."""

import asyncio
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

import anyio
import anyio.to_thread
import structlog

from serving.access.principals import ANONYMOUS, Principal
from serving.access.reading import Reading
from serving.access.secrets import is_secret
from serving.db import Database, Keys
from serving.errors import DatabaseUnavailableError, UnauthenticatedError
from serving.keyed import Keyed

FRESH_S = 2
"""What is younger than this is believed as it is."""
STALE_S = 4
"""What is older than this is not believed without asking the database."""
PATIENCE_S = 1
"""How long a request waits for a database that does not answer: 5 s in all."""
_UNKNOWN_S = 0.1
"""A key that is unknown may have been made since; so often at most we look."""
_log = structlog.get_logger()

Find = Callable[[Reading, datetime], Principal | None]


class Keyring:
    """
    Knows keys by heart, so that a request costs no question to the database.

    All live keys are read at once, at the earliest two seconds after the last time and
    only while somebody asks; so a key that was revoked opens nothing five seconds
    later. While the database is away, keys that are known go on.

    Args:
        database: Where the keys are.
        keyed: Makes the pseudonyms of those who hold them.
        may_be_open: Whether everybody may come in as long as there is no key, or only
            that of the first start: only where other machines cannot reach the service.
        clock: Seconds that never go back.
        now: The time of day, for keys that expire.
        patience_s: How long a request waits for the database at most.
    """

    def __init__(
        self,
        database: Database,
        keyed: Keyed,
        *,
        may_be_open: bool,
        clock: Callable[[], float] = time.monotonic,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        patience_s: float = PATIENCE_S,
    ) -> None:
        self._database, self._keyed = database, keyed
        self._may_be_open = may_be_open
        self._clock, self._now = clock, now
        self._patience_s = patience_s
        self._reading: Reading | None = None
        self._task: asyncio.Task[None] | None = None
        self._tried_s = float("-inf")
        self._away = False
        # One thread of their own: those of the routes may all wait for something.
        self._threads = anyio.CapacityLimiter(1)
        self._used: dict[str, datetime] = {}

    @property
    def is_open(self) -> bool:
        """Whether everybody may come in, by what was read last."""
        return (
            self._may_be_open
            and self._reading is not None
            and not self._reading.in_force
        )

    async def load(self) -> None:
        """Read the keys for the first time, however long it takes."""
        await asyncio.wait({self._read()})

    async def authenticate(self, secret: str | None) -> Principal:
        """
        Return who holds *secret*; None is nobody, and anybody while it is open.

        Raises:
            UnauthenticatedError: If it is no key that is valid, whatever the reason.
            DatabaseUnavailableError: If it is not known, and nobody can be asked.
        """
        await self._refresh()
        holder = await self._find(_by_secret(secret), eager=not self.is_open)
        if holder is not None:
            self._used[holder.key_id] = self._now()
            return holder
        if self.is_open:
            return ANONYMOUS
        msg = "a valid key is needed, as in: Authorization: Bearer kt_..."
        raise UnauthenticatedError(msg)

    async def identify(self, secret: str) -> Principal:
        """
        Return who holds *secret*, also where anybody may come in.

        Raises:
            UnauthenticatedError: If nobody does, whatever the reason.
            DatabaseUnavailableError: If it is not known, and nobody can be asked.
        """
        await self._refresh()
        holder = await self._find(_by_secret(secret))
        if holder is None:
            msg = "this is no key that is valid"
            raise UnauthenticatedError(msg)
        self._used[holder.key_id] = self._now()
        return holder

    async def authenticate_session(self, cookie: str | None) -> Principal:
        """
        Return who signed in to the console and got *cookie*.

        Raises:
            UnauthenticatedError: If nobody did, or it is over.
            DatabaseUnavailableError: If it is not known, and nobody can be asked.
        """
        await self._refresh()
        find = _by_cookie(cookie)
        holder = await self._find(find, eager=False)
        if holder is None and cookie:
            # Another replica may have made it a moment ago: look when that is allowed.
            await anyio.sleep(_UNKNOWN_S * 1.1)
            holder = await self._find(find)
        if holder is None:
            msg = "sign in to the console first"
            raise UnauthenticatedError(msg)
        self._used[holder.key_id] = self._now()
        return holder

    async def reload(self) -> None:
        """Read again what was changed here just now."""
        if self._task is not None:  # it may have begun before the change
            await self._wait(self._task)
        await self._wait(self._read())

    async def note_uses(self) -> None:
        """Write down when keys were last used, as far as it is not written yet."""
        used, self._used = self._used, {}
        if not used:
            return
        try:
            await anyio.to_thread.run_sync(
                self._write_uses, used, limiter=self._threads
            )
        except DatabaseUnavailableError as e:
            self._used = used | self._used
            _log.warning("uses_of_keys_not_noted", code=e.code)

    async def close(self) -> None:
        """Wait for what is being read, and write what is not written yet."""
        if self._task is not None:
            await asyncio.wait({self._task})
        await self.note_uses()

    async def _refresh(self) -> None:
        """Read again what is no longer fresh; wait only for what is stale."""
        now_s = self._clock()
        age_s = now_s - self._reading.at_s if self._reading else float("inf")
        if age_s <= FRESH_S:
            return
        if self._away and now_s - self._tried_s <= FRESH_S:
            return
        task = self._read()
        if age_s > STALE_S and not self._away:
            await self._wait(task)

    async def _find(self, find: Find, *, eager: bool = True) -> Principal | None:
        """Find a holder; if *eager* also one that came since the last reading."""
        if self._reading is None:
            raise _unknowable()
        holder = find(self._reading, self._now())
        if holder is None and eager and find is not _nobody:
            await self._look_again()
            holder = find(self._reading, self._now())
        return holder

    async def _look_again(self) -> None:
        reading = self._reading
        if reading and self._clock() - reading.at_s > _UNKNOWN_S and not self._away:
            await self._wait(self._read())
        if self._away:
            raise _unknowable()

    def _read(self) -> asyncio.Task[None]:
        if self._task is None:
            self._tried_s = self._clock()
            self._task = asyncio.create_task(self._read_now(self._tried_s))
        return self._task

    async def _wait(self, task: asyncio.Task[None]) -> None:
        _, waiting = await asyncio.wait({task}, timeout=self._patience_s)
        if waiting:
            self._lose("timeout")

    async def _read_now(self, at_s: float) -> None:
        try:
            self._reading = await anyio.to_thread.run_sync(
                Reading.of,
                self._database,
                self._keyed,
                at_s,
                self._now(),
                limiter=self._threads,
            )
            self._away = False
        except DatabaseUnavailableError as e:
            self._lose(e.code)
        finally:
            self._task = None

    def _lose(self, code: str) -> None:
        if not self._away:
            _log.warning("keys_not_read", code=code)
        self._away = True

    def _write_uses(self, used: Mapping[str, datetime]) -> None:
        with self._database.session() as session:
            Keys(session).note_use(used)
            session.commit()


def _by_secret(secret: str | None) -> Find:
    if secret is None or not is_secret(secret):
        return _nobody
    return lambda reading, now: reading.find(secret, now)


def _by_cookie(cookie: str | None) -> Find:
    if not cookie:
        return _nobody
    return lambda reading, now: reading.find_session(cookie, now)


def _nobody(reading: Reading, now: datetime) -> None:
    """Find nobody: there is nothing to look for."""


def _unknowable() -> DatabaseUnavailableError:
    return DatabaseUnavailableError("keys cannot be checked while the database is away")


async def keep_noting(keyring: Keyring, *, every_s: float = 60) -> None:
    """Write down every minute when keys were last used."""
    while True:
        await anyio.sleep(every_s)
        await keyring.note_uses()
