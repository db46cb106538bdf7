"""No text, however it is made, keeps a core busy."""

from time import thread_time

import pytest

from benchmarks.normalize import HOSTILE, N_HOSTILE
from kiemtin.text import normalize, residue

N_TESTED = 100_000
"""Characters: more than the longest post has."""
MORE = 8
"""Times as many; a time that squares would be 64 times as long."""
MOST = 3 * MORE


def took_s(text: str) -> float:
    """Return what *text* costs, the least of some tries."""
    tries = []
    for _ in range(3):
        began = thread_time()
        normalize(text)
        tries.append(thread_time() - began)
    return min(tries)


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_takes_no_time(name: str) -> None:
    """Nested entities, joiners without end, one long word, all of it in linear time."""
    make = HOSTILE[name]

    assert took_s(make(N_TESTED)) < MOST * took_s(make(N_TESTED // MORE))
    assert residue.NAME not in normalize(make(N_TESTED)).trace


def test_hostile_texts_are_as_long_as_asked() -> None:
    """What is measured is a megabyte of each."""
    sizes = {
        k: len(make(N_HOSTILE).encode("utf-8", "surrogatepass"))
        for k, make in HOSTILE.items()
    }

    assert all(0.95 * N_HOSTILE < size <= 1.05 * N_HOSTILE for size in sizes.values())
