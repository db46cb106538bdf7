"""Letters as HTML entities."""

import html
import random
import re

from hypothesis import given
from hypothesis import strategies as st

from tests.fixtures.texts import ANY_TEXT
from training.perturb import Half, perturb
from training.perturb.entities import NOTATIONS, write_entities


@given(
    text=ANY_TEXT,
    half=st.sampled_from(Half),
    seed=st.integers(),
    strength=st.floats(0, 1),
)
def test_browser_shows_the_same(
    text: str, half: Half, seed: int, strength: float
) -> None:
    """What a browser makes of the text is the text."""
    text = text.replace("&", "")

    written = write_entities(text, random.Random(seed), half, strength)

    assert html.unescape(written) == text


def test_halves_share_no_notation() -> None:
    """Decimal or hexadecimal, padded or named: each in one half only."""
    shapes = {
        half: {
            re.sub(r"[0-9A-F]+", "0", re.sub(r"(?<=&#)0+|(?<=x)0+", "pad", e))
            for seed in range(100)
            for e in re.findall(
                r"&#[^;]+;",
                perturb("entities", "không biết", seed=seed, half=half, strength=1),
            )
        }
        for half in Half
    }

    assert set(NOTATIONS[Half.A]).isdisjoint(NOTATIONS[Half.B])
    assert shapes[Half.A].isdisjoint(shapes[Half.B])
