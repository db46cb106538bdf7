"""The engine: everybody gets his own answer, in time, or hears why not."""

import asyncio
import os
import random
import signal
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from kiemtin.errors import (
    BundleCorruptError,
    BundleError,
    EmptyTextError,
    TextTooLongError,
)
from kiemtin.labels import Label
from kiemtin.schemas import MAX_CHARS, Item, ScoreOut
from serving.engine import Engine, Lane, Model, Reply
from serving.errors import DeadlineError, QueueFullError
from tests.fixtures.tiny_bundle import CLEAN, HARM, HARMS, WORDS
from tests.serving.engine.conftest import Started

N_CALLERS = 200


def item(word: str, n_words: int = 1, name: str = "a") -> Item:
    """Return a post in which one word matters."""
    return Item(name, " ".join([*["xin"] * (n_words - 1), word]))


async def ask(
    engine: Engine, *items: Item, lane: Lane = Lane.INTERACTIVE
) -> list[ScoreOut]:
    """Return score objects of *items*, which can all be scored."""
    scored = await engine.score(items, lane=lane)
    assert all(isinstance(x, Reply) for x in scored.results)
    return [x.parse() for x in scored.results if isinstance(x, Reply)]


def test_callers_get_their_own_answers(started: Started) -> None:
    """Two hundred at once, alone and in batches, of all lengths: nobody is mixed up."""
    chance = random.Random(7)
    words = ["xin", *HARMS]

    def posts(caller: int) -> list[tuple[str, Item]]:
        chosen = [chance.choice(words) for _ in range(chance.choice([1, 1, 1, 2, 9]))]
        return [
            (word, item(word, chance.randrange(1, 90), f"{caller}-{i}"))
            for i, word in enumerate(chosen)
        ]

    async def call(engine: Engine, caller: int) -> None:
        asked = posts(caller)
        lane = Lane.BULK if len(asked) > 1 else Lane.INTERACTIVE
        answers = await ask(engine, *(x for _, x in asked), lane=lane)
        assert [x.id for x in answers] == [x.id for _, x in asked]
        for (word, _), answer in zip(asked, answers, strict=True):
            harms = HARMS.get(word, ())
            assert answer.scores == {
                x: round(HARM if x in harms else CLEAN, 4) for x in Label
            }

    async def main() -> None:
        async with started(workers=2, repeats=64) as engine:
            await asyncio.gather(*(call(engine, n) for n in range(N_CALLERS)))

    asyncio.run(main())


def test_company_changes_no_score(started: Started) -> None:
    """What a post gets alone is what it gets in any batch."""
    posts = [item(word, n) for word in WORDS[4:] for n in (1, 3, 20, 200)]

    async def main() -> None:
        async with started() as engine:
            alone = [(await ask(engine, post))[0] for post in posts]
            together = await ask(engine, *posts, lane=Lane.BULK)
            assert together == alone

    asyncio.run(main())


def test_what_cannot_be_scored_says_why(started: Started) -> None:
    """Errors of a text come back as themselves, beside the answers of the others."""

    async def main() -> None:
        async with started() as engine:
            scored = await engine.score(
                [Item("a", ""), item("ngu"), Item("c", "a" * (MAX_CHARS + 1))]
            )
            empty, fine, long = scored.results
            assert isinstance(empty, EmptyTextError)
            assert isinstance(fine, Reply)
            assert isinstance(long, TextTooLongError)
            assert str(MAX_CHARS) in str(long)
            assert (await engine.score([])).results == []

    asyncio.run(main())


def test_a_repeat_is_the_same_answer(started: Started) -> None:
    """Seen twice, in another spelling of the same text too, it is counted as known."""

    async def main() -> None:
        async with started(repeats=64) as engine:
            first = await ask(engine, item("ngu", 40))
            again = await ask(engine, item("ngu", 40))
            assert again == first
            explained = await ask(engine, Item("a", "đồ ngu", explain=True))
            assert [x.text for x in explained[0].reasons] == ["ngu"]

    asyncio.run(main())


def test_a_full_queue_says_when_to_come_back(started: Started) -> None:
    """Over its bound a lane refuses at once; the other lane does not mind."""

    async def main() -> None:
        async with started(waits_s=1e-4, batch_tokens=8) as engine:
            flood = asyncio.create_task(
                engine.score([item("ngu", 60)] * 500, lane=Lane.BULK)
            )
            await asyncio.sleep(0)
            with pytest.raises(QueueFullError) as refused:
                await engine.score([item("ngu")], lane=Lane.BULK)
            assert refused.value.retry_after_s > 0
            await ask(engine, item("ngu"))
            assert len((await flood).results) == 500

    asyncio.run(main())


def test_after_its_deadline_nothing_is_computed(started: Started) -> None:
    """Who waited too long is told, and what was his is passed over."""

    async def main() -> None:
        async with started(batch_tokens=8) as engine:
            late = engine.score([item("ngu", 60)] * 2_000, deadline_s=0.01)
            with pytest.raises(DeadlineError):
                await late
            assert engine.crew.waiting(Lane.INTERACTIVE) == (0, 0)
            await asyncio.wait_for(ask(engine, item("ngu")), 20)

    asyncio.run(main())


def test_who_left_is_not_served(started: Started) -> None:
    """A cancelled call leaves the queue."""

    async def main() -> None:
        async with started(batch_tokens=8) as engine:
            gone = asyncio.create_task(engine.score([item("ngu", 60)] * 5_000))
            await asyncio.sleep(0)
            gone.cancel()
            with pytest.raises(asyncio.CancelledError):
                await gone
            assert engine.crew.waiting(Lane.INTERACTIVE) == (0, 0)
            await asyncio.wait_for(ask(engine, item("ngu")), 20)

    asyncio.run(main())


def test_a_killed_worker_loses_nothing(started: Started) -> None:
    """What it had is scored by another, and somebody takes its place."""

    async def main() -> None:
        async with started(workers=2, batch_tokens=64) as engine:
            before = engine.crew.pids
            calls = [
                asyncio.create_task(ask(engine, item("ngu", 60))) for _ in range(400)
            ]
            await asyncio.sleep(0.02)
            os.kill(before[0], signal.SIGKILL)
            answers = await asyncio.gather(*calls)
            assert {x.scores[Label.ABUSIVE] for (x,) in answers} == {round(HARM, 4)}
            async with asyncio.timeout(20):
                while len(engine.crew.pids) < 2:  # noqa: ASYNC110 -- nobody tells
                    await asyncio.sleep(0.05)
            assert before[0] not in engine.crew.pids

    with capture_logs() as lines:
        asyncio.run(main())

    assert "worker_lost" in [x["event"] for x in lines]


def test_a_swap_loses_nothing(started: Started, wide_bundle: Path) -> None:
    """Every call is answered by one model, the old or the new one."""

    async def main() -> None:
        async with started() as engine:
            old = engine.model.digest
            calls = [
                asyncio.create_task(engine.score([item("ngu", 60)] * 20))
                for _ in range(20)
            ]
            await asyncio.sleep(0)
            new = await engine.swap(wide_bundle)
            assert engine.model is new
            assert {x.model.digest for x in await asyncio.gather(*calls)} == {old}
            assert (await engine.score([item("ngu")])).model.digest == new.digest

    asyncio.run(main())


def test_a_bad_bundle_is_not_swapped_in(started: Started, tmp_path: Path) -> None:
    """It is refused, and the old one goes on."""

    async def main() -> None:
        async with started() as engine:
            old = engine.model
            with pytest.raises(BundleError):
                await engine.swap(tmp_path)
            assert engine.model is old
            await ask(engine, item("ngu"))

    asyncio.run(main())


def test_a_swap_needs_consent(started: Started, wide_bundle: Path) -> None:
    """Who is asked last sees the new model, and may still say no."""

    async def main() -> None:
        async with started() as engine:
            old = engine.model

            async def refuse(new: Model) -> None:
                assert new.folder == wide_bundle
                assert engine.model is old
                msg = "no"
                raise BundleCorruptError(msg)

            with pytest.raises(BundleCorruptError):
                await engine.swap(wide_bundle, agree=refuse)
            assert engine.model is old
            await ask(engine, item("ngu"))

    asyncio.run(main())


def test_an_engine_without_a_model_gets_one(
    started: Started, bundle: Path, tmp_path: Path
) -> None:
    """A swap is also the way out of having none."""

    async def main() -> None:
        async with started(folder=tmp_path) as engine:
            await engine.swap(bundle)
            assert engine.refusal is None
            await ask(engine, item("ngu"))

    asyncio.run(main())


def test_a_listener_hears_what_was_said(started: Started) -> None:
    """Each call with its posts, and nothing of those that got no answer."""
    heard = []

    async def main() -> None:
        async with started() as engine:
            engine.listener = lambda items, scored: heard.append((items, scored))
            posts = [item("ngu"), Item("b", "")]
            scored = await engine.score(posts)
            with pytest.raises(DeadlineError):
                await engine.score([item("ngu", 60)] * 2_000, deadline_s=0.001)
            assert heard == [(posts, scored)]

    asyncio.run(main())


def test_without_a_bundle_nothing_is_scored(started: Started, tmp_path: Path) -> None:
    """Never a guess: the reason comes instead."""

    async def main() -> None:
        async with started(folder=tmp_path) as engine:
            assert engine.short_digest == ""
            with pytest.raises(BundleError, match=str(tmp_path)):
                await engine.score([item("ngu")])

    asyncio.run(main())
