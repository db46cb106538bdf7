"""Seeded changes of raw training texts, so that a model does not lean on spelling."""

import random
import re

from training.perturb import Half, perturb
from training.recipes.tuning import AugmentSection

_WORD = re.compile(r"\S+")
_DROPPED = 0.1
"""Which part of the words of a text goes, where some do."""


def augment(text: str, section: AugmentSection, rng: random.Random) -> str:
    """Return *text*, perhaps written otherwise and without some of its words."""
    if rng.random() < section.unpunctuated:
        text = _perturb("unpunctuated", text, rng)
    name = _draw(section.perturbed, rng)
    if name:
        text = _perturb(name, text, rng)
    if rng.random() < section.words_dropped:
        text = _WORD.sub(lambda m: "" if rng.random() < _DROPPED else m[0], text)
    return text


def _perturb(name: str, text: str, rng: random.Random) -> str:
    # The other half of the lexicons is kept for evaluation.
    return perturb(name, text, seed=rng.getrandbits(32), half=Half.A)


def _draw(shares: dict[str, float], rng: random.Random) -> str | None:
    at = rng.random()
    for name, share in shares.items():
        at -= share
        if at < 0:
            return name
    return None
