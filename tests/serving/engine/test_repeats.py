"""The table of exact repeats."""

import mmap

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiemtin.scoring import Extent
from serving.engine.repeats import PLACE_BYTES, Known, Repeats

KEY = b"k" * 32
SCORES = st.lists(
    st.integers(0, 10_000).map(lambda x: x / 10_000), min_size=5, max_size=5
)
EXTENTS = st.builds(
    Extent, st.integers(0, 60_000), st.integers(1, 8), st.integers(0, 1_000)
)


@pytest.fixture
def memory() -> mmap.mmap:
    """Room for eight posts."""
    return mmap.mmap(-1, 8 * PLACE_BYTES)


@given(st.text(), SCORES, EXTENTS)
def test_what_was_said_is_said_again(
    text: str, scores: list[float], extent: Extent
) -> None:
    """Scores come back to their last digit."""
    repeats = Repeats(mmap.mmap(-1, 8 * PLACE_BYTES), KEY, "model")
    known = Known(scores, extent)

    repeats.put(repeats.name(text), known)

    assert repeats.get(repeats.name(text)) == known


@given(st.lists(st.text(), unique=True, max_size=40))
def test_no_text_gets_the_scores_of_another(texts: list[str]) -> None:
    """However full it is, what is found is what was said of this text."""
    repeats = Repeats(mmap.mmap(-1, 4 * PLACE_BYTES), KEY, "model")
    for i, text in enumerate(texts):
        repeats.put(repeats.name(text), Known([i / 10_000] * 5, Extent(i, 1, 0)))

    for i, text in enumerate(texts):
        found = repeats.get(repeats.name(text))
        assert found is None or found.extent.n_tokens == i
    assert not texts or repeats.get(repeats.name(texts[-1])) is not None


def test_another_model_or_key_knows_nothing(memory: mmap.mmap) -> None:
    """What one model said is not what another would say."""
    repeats = Repeats(memory, KEY, "model")
    repeats.put(repeats.name("a"), Known([0.5] * 5, Extent(1, 1, 0)))

    for other in (Repeats(memory, KEY, "other"), Repeats(memory, b"x" * 32, "model")):
        assert other.get(other.name("a")) is None


@pytest.mark.parametrize("at", range(0, PLACE_BYTES, 7))
def test_a_half_written_place_is_empty(memory: mmap.mmap, at: int) -> None:
    """Whoever reads while another writes finds nothing, not nonsense."""
    repeats = Repeats(memory, KEY, "model")
    repeats.put(repeats.name("a"), Known([0.5] * 5, Extent(1, 1, 0)))
    start = memory.find(repeats.name("a"))

    memory[start + at] ^= 0xFF

    assert repeats.get(repeats.name("a")) is None


def test_no_text_is_kept(memory: mmap.mmap) -> None:
    """The table has hashes and numbers."""
    repeats = Repeats(memory, KEY, "model")

    repeats.put(repeats.name("bí mật"), Known([0.5] * 5, Extent(1, 1, 0)))

    assert "bí mật".encode() not in memory[:]
