"""The way back from an edited text."""

from array import array
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiemtin.text import Encoder, WindowSpec, normalize
from kiemtin.text.offsets import Edit, OffsetMap, apply_edits
from kiemtin.text.steps import STEPS
from tests.kiemtin.text.pieces import TEXT

NOWHERE = OffsetMap(array("q"), array("q"), array("q"))


@pytest.mark.parametrize(
    ("edited", "original"),
    [
        ((0, 1), (0, 1)),  # x
        ((1, 2), (1, 3)),  # AA became a
        ((2, 3), (4, 5)),  # y, after a removal
        ((3, 6), (5, 6)),  # B became bbb
        ((4, 5), (5, 6)),  # a part of it is taken whole
        ((0, 7), (0, 7)),
        ((2, 2), (4, 3)),  # nothing, where something was removed
    ],
)
def test_span(edited: tuple[int, int], original: tuple[int, int]) -> None:
    """A span leads to what it was made of; what was removed beside it stays out."""
    text, way = apply_edits(
        "xAA-yBz", [Edit(1, 3, "a"), Edit(3, 4, ""), Edit(5, 6, "bbb")]
    )

    assert text == "xaybbbz"
    assert way is not None
    assert len(way) == 3
    assert way.span(*edited) == original


def test_no_edits_no_map() -> None:
    """Edits that change nothing leave no map behind."""
    assert apply_edits("abc", [Edit(1, 2, "b")]) == ("abc", None)


@pytest.mark.parametrize("step", STEPS)
@given(text=TEXT)
def test_kept_characters_lead_to_themselves(step: str, text: str) -> None:
    """For any text and step, a character that was not edited is found again."""
    edited, way = apply_edits(text, STEPS[step](text))
    way = way or NOWHERE
    touched = {
        i for a, b in zip(way.starts, way.ends, strict=True) for i in range(a, b)
    }
    kept = [i for i in range(len(edited)) if i not in touched]

    assert len(kept) == len(text) - (sum(way.old_ends) - sum(way.old_starts))
    for i in kept:
        start, end = way.span(i, i + 1)
        assert end == start + 1
        assert text[start] == edited[i]


@pytest.mark.parametrize("step", STEPS)
@given(text=TEXT)
def test_edits_ascend_and_do_not_overlap(step: str, text: str) -> None:
    """Every step keeps its promise to the map."""
    edits = list(STEPS[step](text))

    assert all(e.start < e.end for e in edits)
    assert all(a.end <= b.start for a, b in pairwise(edits))


@given(text=TEXT, data=st.data())
def test_spans_of_normalized_text_lie_in_the_original(
    text: str, data: st.DataObject
) -> None:
    """Any piece of a normalized text comes from inside the original."""
    normalized = normalize(text)
    n = len(normalized.text)
    start = data.draw(st.integers(0, n))
    end = data.draw(st.integers(start, n))

    a, b = normalized.original_span(start, end)

    assert 0 <= a <= b <= len(text)


@given(text=TEXT)
def test_spans_do_not_cross(text: str) -> None:
    """Characters stand in the original in the order in which they are read."""
    normalized = normalize(text)
    n = len(normalized.text)
    spans = [normalized.original_span(i, i + 1) for i in range(n)]

    assert all(0 <= a < b <= len(text) for a, b in spans)
    assert all(a <= c and b <= d for (a, b), (c, d) in pairwise(spans))


@given(text=TEXT)
def test_spans_of_tokens_are_in_order(bundle: Path, text: str) -> None:
    """Tokens stand in the original in the order in which they are read."""
    encoder = Encoder.from_file(bundle / "tokenizer.json", WindowSpec(10, 2, 6))
    normalized = normalize(text)
    spans = [normalized.original_span(*s) for s in encoder.encode(normalized).spans]

    assert all(0 <= a < b <= len(text) for a, b in spans)
    assert spans == sorted(spans)
    assert [b for _, b in spans] == sorted(b for _, b in spans)
