"""Seeded ways to write a text otherwise: half of each to learn from, half to examine."""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from types import MappingProxyType
from typing import Protocol

from training.perturb.diacritics import move_tones, strip_words
from training.perturb.entities import write_entities
from training.perturb.gaps import add_invisible, split_words
from training.perturb.glyphs import draw_look_alikes, style_words, write_digits
from training.perturb.halves import Half
from training.perturb.slips import mistype, stretch
from training.perturb.surface import drop_capitals, drop_signs
from training.perturb.teencode import write_teencode

__all__ = ["PERTURBATIONS", "Half", "Perturbation", "perturb"]


class Change(Protocol):
    """Draws words of a text, each with a chance of *strength*, and rewrites them."""

    def __call__(
        self, text: str, rng: random.Random, half: Half, strength: float
    ) -> str:
        """Return the changed text; links, addresses, mentions and numbers stay."""


@dataclass(frozen=True, slots=True)
class Perturbation:
    """
    A way to write a text otherwise.

    Attributes:
        change: What is done to each word that is drawn.
        strength: Which part of the words is drawn, unless another is asked for.
    """

    change: Change
    strength: float


PERTURBATIONS: Mapping[str, Perturbation] = MappingProxyType(
    {
        "stripped": Perturbation(strip_words, 1.0),
        "half_stripped": Perturbation(strip_words, 0.5),
        "teencode": Perturbation(write_teencode, 0.8),
        "split": Perturbation(split_words, 0.3),
        "look_alike": Perturbation(draw_look_alikes, 0.5),
        "zero_width": Perturbation(add_invisible, 0.5),
        "digits": Perturbation(write_digits, 0.3),
        "stretched": Perturbation(stretch, 0.2),
        "styled": Perturbation(style_words, 0.8),
        "entities": Perturbation(write_entities, 0.5),
        "typos": Perturbation(mistype, 0.2),
        "tone_style": Perturbation(move_tones, 1.0),
        "unpunctuated": Perturbation(drop_signs, 1.0),
        "uncased": Perturbation(drop_capitals, 1.0),
    }
)
"""All of them by name, as recipes and ``kiemtin evaluate --perturb`` call them."""


def perturb(
    name: str, text: str, *, seed: int, half: Half, strength: float | None = None
) -> str:
    """
    Return *text* changed by the perturbation called *name*, its own *strength* if None.

    The draw depends on all arguments and on nothing else: not on the machine, nor
    on the texts that were changed before.

    Raises:
        KeyError: If there is no perturbation of that name.
        ValueError: If *strength* is not between 0 and 1.
    """
    perturbation = PERTURBATIONS[name]
    strength = perturbation.strength if strength is None else strength
    if not 0 <= strength <= 1:
        msg = f"strength {strength} is not between 0 and 1"
        raise ValueError(msg)
    drawn = f"{seed}\t{name}\t{half}\t{text}".encode("utf-8", "surrogatepass")
    rng = random.Random(sha256(drawn).digest())
    return perturbation.change(text, rng, half, strength)
