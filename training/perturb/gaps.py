"""Words with something between their letters: a sign, a space, or what nobody sees."""

import random

from training.perturb.halves import Half, halve
from training.perturb.words import letters, rewrite, some

SEPARATORS = halve(" .-_*·•/|~^',+=:", "separators")

INVISIBLE = halve(
    "\u200b\u200c\u200d\u2060\ufeff\u00ad\u200e\u200f\u034f\u061c\u2061\u2062\u2063\u2064",
    "invisible",
)
"""Zero-width spaces and joiners, marks of direction, soft hyphen, and the like."""

_WHOLLY = 0.7
"""How often a word is split at every letter, and not at one place only."""


def split_words(text: str, rng: random.Random, half: Half, strength: float) -> str:
    """Return *text* with words taken apart, all by the same sign (n.g.u, l ừ a  đ ả o)."""
    sign = rng.choice(SEPARATORS[half])

    def split(word: str) -> str:
        parts = letters(word)
        if len(parts) == 1:
            return word
        if rng.random() >= _WHOLLY:
            cut = 1 + int(rng.random() * (len(parts) - 1))
            parts = ["".join(parts[:cut]), "".join(parts[cut:])]
        # Where a space divides letters, more of them divide words.
        border = sign if sign.isspace() else ""
        return border + sign.join(parts) + border

    return rewrite(text, rng, strength, split)


def add_invisible(text: str, rng: random.Random, half: Half, strength: float) -> str:
    """Return *text* with invisible characters between letters of its words."""

    def fill(word: str) -> str:
        parts = letters(word)
        for i in sorted(some(len(parts) - 1, rng)):
            parts[i] += rng.choice(INVISIBLE[half])
        return "".join(parts)

    return rewrite(text, rng, strength, fill)
