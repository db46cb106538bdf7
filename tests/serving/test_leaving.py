"""Callers who leave before their answer."""

import asyncio

import pytest

from serving.errors import ClientLeftError
from serving.leaving import unless_left

TURN_S = 0.01


async def never() -> dict[str, str]:
    """Say nothing of the connection."""
    await asyncio.Event().wait()
    return {}


async def soon() -> dict[str, str]:
    """Say that the caller has left."""
    return {"type": "http.disconnect"}


async def quick() -> str:
    """Answer at once."""
    return "answer"


def test_an_answer_gets_through() -> None:
    """Nobody watches over what takes no time."""
    assert asyncio.run(unless_left(soon, quick())) == "answer"


def test_who_waits_gets_a_slow_answer() -> None:
    """To watch does not disturb."""

    async def slow() -> str:
        await asyncio.sleep(0.6)
        return "answer"

    assert asyncio.run(unless_left(never, slow())) == "answer"


def test_who_leaves_stops_the_work() -> None:
    """The work is cancelled, and the request ends with an error of ours."""
    stopped = []

    async def endless() -> None:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            stopped.append(True)
            raise

    with pytest.raises(ClientLeftError):
        asyncio.run(unless_left(soon, endless()))

    assert stopped


def test_another_reason_stays_what_it_is() -> None:
    """A service that ends cancels its requests; that is no caller's doing."""

    async def main() -> None:
        task = asyncio.create_task(unless_left(never, never()))
        await asyncio.sleep(TURN_S)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(main())


def test_a_mistake_stays_what_it_is() -> None:
    """An error of the work is the caller's to see."""

    async def broken() -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        asyncio.run(unless_left(never, broken()))
