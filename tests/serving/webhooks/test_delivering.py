"""Messages arrive, at the first try or a later one, or are dead."""

import asyncio
import time
from datetime import timedelta

from serving.db import Audit, Try
from serving.db.deliveries import DEAD, DELIVERED, WAITING
from serving.webhooks.delivering import AGAIN_S, JITTER, MOST_TRIES, Deliverer
from serving.webhooks.endpoints import resend
from serving.webhooks.guard import Guard
from serving.webhooks.sending import Sender
from tests.fixtures.receiver import Receiver, receiving
from tests.fixtures.rounds import FINE, Round, Scripted, until
from tests.fixtures.watched import START
from tests.serving.webhooks.conftest import Post


def test_a_message_arrives(post: Post, receiver: Receiver) -> None:
    """What was announced is sent to who wants it, once."""
    sender = Sender(Guard(["127.0.0.1"]))
    round_ = Round(post.database, sender)
    post.endpoint(receiver.url)
    post.announce(20)

    round_.go()
    round_.go(3600)

    assert len(receiver.received) == 20
    assert {(x.state, x.last_status, x.n_tries) for x in post.all()} == {
        (DELIVERED, 204, 1)
    }
    assert round_.outcomes == [DELIVERED] * 20


def test_tries_are_further_and_further_apart(post: Post) -> None:
    """A receiver that is down for hours still gets its message, at the last try."""
    sender = Scripted(always=Try(500, "answer"))
    round_ = Round(post.database, sender)
    post.endpoint("https://hooks.example/")
    post.announce()

    round_.go()
    for n, wait_s in enumerate(AGAIN_S, start=1):
        found = post.one()
        assert (found.n_tries, found.last_status, found.state) == (n, 500, WAITING)
        waits_s = (found.next_at - round_.now).total_seconds()
        assert wait_s * (1 - JITTER) <= waits_s <= wait_s * (1 + JITTER)
        round_.go(waits_s - 1)
        assert len(sender.sent) == n
        sender.always = FINE if n == len(AGAIN_S) else sender.always
        round_.go(2)

    assert MOST_TRIES >= 6
    assert (post.one().state, len(sender.sent)) == (DELIVERED, MOST_TRIES)


def test_waits_differ(post: Post) -> None:
    """Messages that failed together do not come back all at once."""
    post.endpoint("https://hooks.example/")
    post.announce(10)

    Round(post.database, Scripted(always=Try(None, "timeout"))).go()

    assert len({x.next_at for x in post.all()}) == 10


def _die(post: Post) -> Round:
    round_ = Round(post.database, Scripted(always=Try(None, "timeout")))
    round_.go()
    for wait_s in AGAIN_S:
        round_.go(2 * wait_s)
    return round_


def test_a_dead_message_can_be_sent_again(post: Post) -> None:
    """After the last try it is dead, and stays so until somebody has it sent again."""
    post.endpoint("https://hooks.example/")
    post.announce()

    round_ = _die(post)
    dead = post.one()
    round_.go(10**6)
    round_.sender = later = Scripted()
    with post.database.work("rev_1", now=round_.now) as work:
        resend(work, dead.id)
        work.commit()
    round_.go()

    assert (dead.state, dead.n_tries, dead.last_error) == (DEAD, MOST_TRIES, "timeout")
    assert round_.outcomes == ["failed"] * (MOST_TRIES - 1) + [DEAD, DELIVERED]
    assert [x.id for x in later.sent] == [dead.id]
    assert (post.one().state, post.one().ended_at) == (DELIVERED, round_.now)


def test_a_receiver_that_is_gone(post: Post) -> None:
    """410 disables the address; what waits for it is dead, and it is told no more."""
    endpoint = post.endpoint("https://hooks.example/")
    post.announce()
    round_ = Round(post.database, Scripted(Try(410, "answer")))

    round_.go()
    post.announce(now=round_.now)
    round_.go(10**6)

    assert post.stored(endpoint).disabled_at == START + timedelta(seconds=100)
    assert (post.one().state, len(round_.sender.sent)) == (DEAD, 1)
    with post.database.session() as session:
        last = Audit(session).of(endpoint.id)[-1].act
    assert (last.actor, last.action) == ("system", "webhook.disable")


def test_two_replicas_do_not_both_send(post: Post) -> None:
    """However many services look at once, each message is sent once."""
    sender = Scripted()
    post.endpoint("https://hooks.example/")
    post.announce(60)

    async def whole() -> None:
        round_ = Round(post.database, sender)
        replicas = [round_.make() for _ in range(4)]
        await asyncio.gather(*(x.look() for x in replicas))
        await asyncio.gather(*(x.settle() for x in replicas))

    asyncio.run(whole())

    assert len({x.id for x in sender.sent}) == len(sender.sent) == 60


def test_who_is_slow_holds_up_nobody_else(post: Post, receiver: Receiver) -> None:
    """A receiver that hangs, with many messages, costs the others nothing."""
    with receiving() as silent:
        silent.manner = "silent"
        hung = post.endpoint(silent.url)
        well = post.endpoint(receiver.url)
        post.announce(40)
        took_s: list[float] = []

        async def whole() -> None:
            sender = Sender(Guard(["127.0.0.1"]), total_s=1)
            deliverer = Deliverer(post.database, sender)
            running = asyncio.create_task(deliverer.run())
            began = time.monotonic()
            await until(lambda: len(receiver.received) == 40)
            took_s.append(time.monotonic() - began)
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)
            await sender.close()

        asyncio.run(whole())

    assert took_s[0] < 5
    assert len(post.all(well)) == 40
    assert len(silent.received) < 40
    assert {x.state for x in post.all(hung)} == {WAITING}


def test_what_ended_is_forgotten(post: Post) -> None:
    """Messages that arrived are kept for a month, those that wait until they arrive."""
    post.endpoint("https://hooks.example/")
    post.announce()
    round_ = Round(post.database, Scripted())
    round_.go()
    post.announce(now=round_.now)

    async def run_once() -> None:
        deliverer = round_.make(every_s=60)
        running = asyncio.create_task(deliverer.run())
        await asyncio.sleep(0.3)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)

    round_.clock.s += 29 * 86_400
    asyncio.run(run_once())
    n_before = len(post.all())
    round_.clock.s += 2 * 86_400
    asyncio.run(run_once())

    assert (n_before, len(post.all())) == (2, 1)
