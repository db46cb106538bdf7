"""No text, however it is made, keeps a core busy."""

from time import process_time

import pytest

from benchmarks.normalize import HOSTILE, N_HOSTILE
from kiemtin.text import normalize, residue

N_TESTED = 100_000
"""Characters: more than the longest post has."""
MOST_S = 1.0
"""Ten times what the slowest takes; a time that squares would be far beyond it."""


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_takes_no_time(name: str) -> None:
    """Nested entities, joiners without end, one long word, all of it in linear time."""
    text = HOSTILE[name](N_TESTED)
    began = process_time()

    normalized = normalize(text)

    assert process_time() - began < MOST_S
    assert residue.NAME not in normalized.trace


def test_hostile_texts_are_as_long_as_asked() -> None:
    """What is measured is a megabyte of each."""
    sizes = {
        k: len(make(N_HOSTILE).encode("utf-8", "surrogatepass"))
        for k, make in HOSTILE.items()
    }

    assert all(0.95 * N_HOSTILE < size <= 1.05 * N_HOSTILE for size in sizes.values())
