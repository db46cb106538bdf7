"""Documents as the encoder reads them: normalized, some stripped, some perturbed."""

import random

from kiemtin.text import normalize
from kiemtin.text.syllables import strip_marks
from training.perturb import Half, perturb
from training.pretraining.avoidance import Avoided
from training.pretraining.corpus import Drawn
from training.pretraining.recipe import PretrainRecipe


class Writer:
    """Writes documents by a recipe; each by its own seed, so on any number of cores."""

    def __init__(self, recipe: PretrainRecipe, avoided: Avoided | None) -> None:
        self._stripped = recipe.stripped
        rest = max(0.0, 1 - sum(recipe.perturbed.values()))
        self._names = ["", *recipe.perturbed]
        self._shares = [rest, *recipe.perturbed.values()]
        self._avoided = avoided

    def write(self, document: Drawn) -> str:
        """Return the text to learn from; empty if nothing is left or it is avoided."""
        rng = random.Random(document.seed)
        text = normalize(document.text).text
        if self._avoided and self._avoided.touches(text):
            return ""
        (name,) = rng.choices(self._names, self._shares)
        if name:
            # The other half of the lexicons is kept for evaluation.
            raw = perturb(name, document.text, seed=document.seed, half=Half.A)
            text = normalize(raw).text
        return strip_marks(text) if rng.random() < self._stripped else text
