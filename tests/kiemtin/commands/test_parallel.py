"""Batches are scored by several processes, and come back in order."""

import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from kiemtin.commands.lines import Refused
from kiemtin.commands.parallel import Batch, Crew
from kiemtin.errors import HelperLostError, MalformedItemError
from kiemtin.labels import Label
from kiemtin.schemas import Item

N_BATCHES = 40


def helpers() -> list[psutil.Process]:
    """Return the processes that help this one to score."""
    found = []
    for child in psutil.Process().children():
        with suppress(psutil.NoSuchProcess):  # it has ended meanwhile
            if "spawn_main" in " ".join(child.cmdline()):
                found.append(child)
    return found


def batches(n: int = N_BATCHES) -> Iterator[Batch]:
    """Yield batches of three: a clean post, an abusive one, a line that is none."""
    for i in range(n):
        yield [
            Item(f"{i}-a", "xin " * (i % 30 + 1)),
            Item(f"{i}-b", "đồ ngu"),
            Refused(f"{i}-c", MalformedItemError("no text")),
        ]


@pytest.mark.parametrize("n_processes", [1, 3])
def test_order_is_kept(bundle: Path, n_processes: int) -> None:
    """Whoever scored a batch, replies come as the posts did."""
    with Crew(bundle, n_processes) as crew:
        replies = [x for batch in crew.replies(batches()) for x in batch]

    assert [x.id for x in replies] == [
        f"{i}-{name}" for i in range(N_BATCHES) for name in "abc"
    ]
    for clean, abusive, refused in zip(*[iter(replies)] * 3, strict=True):
        assert (score := clean.score())
        assert not score.flagged[Label.ABUSIVE]
        assert (score := abusive.score())
        assert score.flagged[Label.ABUSIVE]
        assert refused.score() is None


def test_few_posts_need_no_help(bundle: Path) -> None:
    """A short file is done before another process would have begun."""
    with Crew(bundle, 3) as crew:
        n = sum(len(x) for x in crew.replies(batches(4)))
        found = helpers()

    assert n == 12
    assert found == []


def test_a_lost_helper_is_said(bundle: Path) -> None:
    """Who is killed for want of memory leaves an error, not a gap."""

    def endless() -> Iterator[Batch]:
        while True:
            yield from batches(1)

    def kill() -> None:
        while True:
            for helper in helpers():
                os.kill(helper.pid, signal.SIGKILL)
                return
            time.sleep(0.01)

    killer = threading.Thread(target=kill, daemon=True)
    killer.start()

    with pytest.raises(HelperLostError), Crew(bundle, 2) as crew:
        for _ in crew.replies(endless()):
            pass
