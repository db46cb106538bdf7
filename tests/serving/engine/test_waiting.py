"""Who waits, and whose turn it is."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import wraps

from hypothesis import given
from hypothesis import strategies as st

from kiemtin.schemas import Item
from serving.engine.call import Call
from serving.engine.lanes import Lane
from serving.engine.waiting import Job, Waiting, tokens_of

INTERACTIVE, BULK = Lane.INTERACTIVE, Lane.BULK


def in_a_loop(test: Callable[..., Awaitable[None]]) -> Callable[..., None]:
    """Run a test in an event loop; a call is awaited in one."""

    @wraps(test)
    def run(*args: object, **kwargs: object) -> None:
        async def main() -> None:
            await test(*args, **kwargs)

        asyncio.run(main())

    return run


def job(n_tokens: int, lane: Lane = INTERACTIVE, tries: int = 0) -> Job:
    """Return a job of a call of its own."""
    return Job(Call([Item("a", "a")], lane), 0, n_tokens, tries)


def drain(waiting: Waiting, most_tokens: int) -> list[list[Job]]:
    """Take batches until nobody waits."""
    batches = []
    while batch := waiting.take(most_tokens):
        batches.append(batch)
    return batches


@given(
    st.lists(st.tuples(st.integers(1, 3_000), st.sampled_from(Lane)), max_size=60),
    st.integers(1, 2_000),
)
@in_a_loop
async def test_everybody_comes_once(
    sizes: list[tuple[int, Lane]], most_tokens: int
) -> None:
    """Nobody is lost or served twice, and the books balance."""
    waiting = Waiting()
    jobs = [job(n, lane) for n, lane in sizes]
    for x in jobs:
        waiting.put(x)

    batches = drain(waiting, most_tokens)

    taken = [x for batch in batches for x in batch]
    assert sorted(map(id, taken)) == sorted(map(id, jobs))
    assert all(line.n_posts == line.n_tokens == 0 for line in waiting.lines.values())
    assert all(len({x.call.lane for x in batch}) == 1 for batch in batches)


@given(st.lists(st.integers(1, 3_000), min_size=1, max_size=60), st.integers(1, 2_000))
@in_a_loop
async def test_the_oldest_leads_and_takes_its_like(
    sizes: list[int], most_tokens: int
) -> None:
    """A batch begins with who waits longest; the others are no more than four times off."""
    waiting = Waiting()
    left = [job(n) for n in sizes]
    for x in left:
        waiting.put(x)

    for batch in drain(waiting, most_tokens):
        first = batch[0]
        assert first is left[0]
        assert all(x.n_tokens < 4 * first.n_tokens for x in batch)
        assert all(first.n_tokens < 4 * x.n_tokens for x in batch)
        assert sum(x.n_tokens for x in batch[:-1]) < most_tokens
        left = [x for x in left if x not in batch]


@in_a_loop
async def test_a_click_does_not_wait_for_a_batch() -> None:
    """Of hundreds in bulk at most one batch goes before somebody at a screen."""
    waiting = Waiting()
    for _ in range(256):
        waiting.put(job(64, BULK))
    click = job(64)
    waiting.put(click)

    batches = [waiting.take(512) for _ in range(2)]

    assert [click] in batches


@in_a_loop
async def test_clicks_do_not_starve_bulk() -> None:
    """Every fourth batch is of the other lane, if anybody waits there."""
    waiting = Waiting()
    for _ in range(100):
        waiting.put(job(64, BULK))
        waiting.put(job(64))

    lanes = [waiting.take(64)[0].call.lane for _ in range(40)]

    assert lanes.count(BULK) == 10


@in_a_loop
async def test_who_gave_up_is_passed_over() -> None:
    """What nobody waits for any more is not computed."""
    waiting = Waiting()
    jobs = [job(10) for _ in range(3)]
    for x in jobs:
        waiting.put(x)
    jobs[0].call.drop()
    jobs[2].call.drop()

    assert drain(waiting, 1_000) == [[jobs[1]]]


@in_a_loop
async def test_a_second_try_goes_alone() -> None:
    """A post over which a worker may have been lost takes no others with it."""
    waiting = Waiting()
    jobs = [job(10), job(10).again(), job(10).again(), job(10)]
    for x in jobs:
        waiting.put(x)

    batches = drain(waiting, 1_000)

    assert [jobs[1]] in batches
    assert [jobs[2]] in batches
    assert [jobs[0], jobs[3]] in batches


def test_work_is_guessed_by_characters() -> None:
    """Only so much of a long text is read; reasons cost more than the score."""
    assert tokens_of(Item("a", "xin chào"), 100) == 4
    assert tokens_of(Item("a", "xin chào " * 1_000), 100) == 100
    assert tokens_of(Item("a", "xin chào", explain=True), 100) > 100
