"""Words as they are written in chats: the lexicon of ``kiemtin.text`` read backwards."""

import random
import unicodedata
from collections import defaultdict
from collections.abc import Iterator

from kiemtin.text.lexicons import SWAPS, TEENCODE
from kiemtin.text.offsets import Edit, apply_edits
from training.perturb.halves import Half, Halves, halve, halve_each
from training.perturb.swaps import swap_letters
from training.perturb.words import cased_like, words

_SWAPPED = 0.25
"""How often, for each time that a word of the lexicon is drawn, another is respelled."""


def _forms() -> dict[str, list[str]]:
    forms = defaultdict(list)
    for entry in TEENCODE.values():
        forms[entry.meant].append(entry.written)
    return forms


FORMS = halve_each(_forms(), "teencode")
"""The chat spellings of each word and phrase."""

SWAP_HALVES: Halves = halve(("\t".join(s[:3]) for s in SWAPS), "swaps")
"""The rules, each as its place, what is meant and what is written."""

_LONGEST_PHRASE = max(len(meant.split()) for meant in FORMS)


def write_teencode(text: str, rng: random.Random, half: Half, strength: float) -> str:
    """Return *text* with chat spellings (không → ko, như thế nào → ntn, phố → fố)."""
    return apply_edits(text, _edits(text, rng, half, strength))[0]


def _edits(
    text: str, rng: random.Random, half: Half, strength: float
) -> Iterator[Edit]:
    spans = words(text)
    at = 0
    while at < len(spans):
        n_words, forms = _phrase(text, spans[at : at + _LONGEST_PHRASE], half)
        start, end = spans[at][0], spans[at + n_words - 1][1]
        at += n_words
        draw = rng.random()
        meant = text[start:end]
        if forms and draw < strength:
            yield Edit(start, end, cased_like(meant, rng.choice(forms)))
        elif forms is None and draw < strength * _SWAPPED:
            yield Edit(start, end, swap_letters(meant, rng, SWAP_HALVES[half]))


def _phrase(
    text: str, spans: list[tuple[int, int]], half: Half
) -> tuple[int, tuple[str, ...] | None]:
    """
    Return how many words the longest phrase has that begins here, and its spellings.

    A word of the lexicon whose spellings are all in the other half has none, and is
    no word to be respelled by a rule: that could give one of those.
    """
    for n in range(len(spans), 0, -1):
        phrase = text[spans[0][0] : spans[n - 1][1]]
        meant = unicodedata.normalize("NFC", phrase.lower())
        if meant in FORMS and FORMS[meant][half]:
            return n, FORMS[meant][half]
    return 1, () if meant in FORMS else None
