"""Kinds of posts that are counted apart, by what a score object says of its text."""

from collections.abc import Iterator
from enum import StrEnum

from kiemtin.schemas import NOT_VIETNAMESE, ScoreOut

SHORT_TOKENS = 8
"""A text of fewer is short."""
BARE_RATIO = 0.2
"""A text with diacritics on fewer of its words was typed without."""


class Slice(StrEnum):
    """One kind of posts; a post may be of several."""

    ALL = "all"
    SHORT = "short"
    LONG = "long"
    """More than one window was read."""
    WITHOUT_DIACRITICS = "without_diacritics"
    NOT_VIETNAMESE = "not_vietnamese"
    UNFLAGGED = "unflagged"
    """The model that serves recommends nothing."""


def slices_of(score: ScoreOut) -> Iterator[Slice]:
    """Yield the slices of a post of which the model that serves says *score*."""
    state = score.text_state
    yield Slice.ALL
    if state.tokens < SHORT_TOKENS:
        yield Slice.SHORT
    if state.windows > 1:
        yield Slice.LONG
    if NOT_VIETNAMESE in score.abstain.values():
        yield Slice.NOT_VIETNAMESE
    elif state.diacritic_ratio < BARE_RATIO:
        yield Slice.WITHOUT_DIACRITICS
    if not any(score.flagged.values()):
        yield Slice.UNFLAGGED
