"""Diacritics lost, and the other place of the tone mark."""

import random
from collections.abc import Iterator
from itertools import product
from types import MappingProxyType

import regex

from kiemtin.text.steps import tones
from kiemtin.text.syllables import strip_marks
from training.perturb.halves import Half
from training.perturb.words import rewrite

_LATIN = regex.compile(r"[\p{Latin}\p{M}]+")


def strip_words(text: str, rng: random.Random, half: Half, strength: float) -> str:
    """Return *text* with words that have lost all their diacritics (đường → duong)."""
    return rewrite(
        text, rng, strength, lambda w: strip_marks(w) if _LATIN.fullmatch(w) else w
    )


def move_tones(text: str, rng: random.Random, half: Half, strength: float) -> str:
    """Return *text* with tone marks in their other place (hoà, hòa; thuý, thúy)."""
    return rewrite(text, rng, strength, _moved)


def _pairs() -> Iterator[tuple[str, str]]:
    # The step knows which pairs there are: asked about each, it answers with the other.
    for first, second in product("oOuU", "àáảãạèéẻẽẹỳýỷỹỵÀÁẢÃẠÈÉẺẼẸỲÝỶỸỴ"):
        for edit in tones.find(first + second):
            yield first + second, edit.replacement
            yield edit.replacement, first + second


_OTHER = MappingProxyType(dict(_pairs()))


def _moved(word: str) -> str:
    pair = word[-2:]
    if pair not in _OTHER or word[-3:-2] in ("q", "Q"):
        return word
    return word[:-2] + _OTHER[pair]
