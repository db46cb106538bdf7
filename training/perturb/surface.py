"""Punctuation and capitals lost: how a text is dressed, not what it says."""

import random

import regex

from kiemtin.text.offsets import Edit, apply_edits
from training.perturb.halves import Half
from training.perturb.words import free_spans, rewrite

_SIGN = regex.compile(r"[\p{P}\p{S}]+")


def drop_signs(text: str, rng: random.Random, half: Half, strength: float) -> str:
    """Return *text* with spaces for its punctuation, symbols and emoji."""
    spans = free_spans(text, (m.span() for m in _SIGN.finditer(text)))
    edits = [Edit(*span, " ") for span in spans if rng.random() < strength]
    return apply_edits(text, edits)[0]


def drop_capitals(text: str, rng: random.Random, half: Half, strength: float) -> str:
    """Return *text* with words in small letters."""
    return rewrite(text, rng, strength, str.lower)
