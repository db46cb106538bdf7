"""Waiting has an end."""

import asyncio

import pytest

from serving.patience import Patience

SOON_S = 0.05


async def _sleep(seconds: float) -> str:
    await asyncio.sleep(seconds)
    return "done"


def test_what_comes_in_time() -> None:
    """What is done is returned, again and again, and what fails fails."""

    async def run() -> list[str]:
        patience = Patience(10)
        with pytest.raises(ZeroDivisionError):
            await patience.wait(_fail())
        return [await patience.wait(_sleep(0)) for _ in range(3)]

    async def _fail() -> None:
        raise ZeroDivisionError

    assert asyncio.run(run()) == ["done"] * 3


def test_what_does_not_come() -> None:
    """It is interrupted, and whoever waited goes on; others are left alone."""

    async def run() -> list[str]:
        patience = Patience(SOON_S)

        async def try_it(seconds: float) -> str:
            try:
                return await patience.wait(_sleep(seconds))
            except TimeoutError:
                await asyncio.sleep(0)  # and can wait for something else
                return "late"

        waits = (0, 60, SOON_S / 10, 60)
        return await asyncio.gather(*(try_it(x) for x in waits))

    assert asyncio.run(run()) == ["done", "late", "done", "late"]


def test_it_begins_anew() -> None:
    """After a while in which nobody waited it looks again."""

    async def run() -> None:
        patience = Patience(SOON_S)
        for _ in range(2):
            with pytest.raises(TimeoutError):
                await patience.wait(_sleep(60))
            await asyncio.sleep(2 * SOON_S)

    asyncio.run(run())


def test_who_is_sent_home_goes() -> None:
    """Being cancelled by somebody else is not being late."""

    async def run() -> None:
        task = asyncio.create_task(Patience(60).wait(_sleep(60)))
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(run())
