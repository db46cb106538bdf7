"""Seeded changes of raw training texts, so that a model does not lean on spelling."""

import random
import re

from kiemtin.text.syllables import strip_marks
from training.recipe import AugmentSection

_PUNCTUATION = re.compile(r"[^\w\s<>@/:.-]+|\.(?=\s|$)")
_WORD = re.compile(r"\S+")


def augment(text: str, section: AugmentSection, rng: random.Random) -> str:
    """Return *text*, perhaps without diacritics, punctuation or some of its words."""
    if rng.random() < section.unpunctuated:
        text = _PUNCTUATION.sub(" ", text)
    draw = rng.random()
    if draw < section.stripped:
        text = strip_marks(text)
    elif draw < section.stripped + section.half_stripped:
        text = _WORD.sub(
            lambda m: strip_marks(m[0]) if rng.random() < 0.5 else m[0],  # noqa: PLR2004
            text,
        )
    if rng.random() < section.words_dropped:
        text = _WORD.sub(lambda m: "" if rng.random() < 0.1 else m[0], text)  # noqa: PLR2004
    return text
