"""Thresholds, chosen on the dev split and on the dev half of protected speech."""

import numpy as np

from kiemtin.labels import Label
from kiemtin.manifest import Thresholds
from training.calibrating.bands import abstain_thresholds, urgent_threshold
from training.calibrating.evidence import Evidence
from training.calibrating.harm import harm_worth
from training.calibrating.rules import GRID, worth
from training.calibrating.sparing import spare
from training.evaluation.scored import Scored
from training.recipes import TrainRecipe
from training.recipes.outcome import ThresholdSection


def choose_thresholds(
    dev: Scored, protected: Scored, recipe: TrainRecipe
) -> dict[Label, Thresholds]:
    """
    Return the thresholds of every label.

    Args:
        dev: Labelled rows; a label that they do not speak of is as good as off.
        protected: The dev half of protected speech.
        recipe: The rule, and the bounds that it has to keep.
    """
    evidence = Evidence(dev, protected, recipe.assumed_negative, dev.scores)
    return choose(evidence, recipe.thresholds)


def choose(evidence: Evidence, section: ThresholdSection) -> dict[Label, Thresholds]:
    """
    Return the thresholds of every label.

    Review: those that the rule of *section* finds best among those that spare protected
    speech, all labels together, and rows assumed to be free of the label. Urgent: the
    least above review of which the flags are right as often as asked. Abstain: as far
    below review as it takes for what is cleared to be right.
    """
    abusive, hate_given = harm_worth(evidence, section)
    worths = {
        x: worth(evidence, x, section)
        for x in Label
        if x not in {Label.ABUSIVE, Label.HATE}
    }
    review = spare(worths | {Label.ABUSIVE: abusive}, evidence, section)
    within = evidence.hate_within(review[Label.ABUSIVE])
    hate = hate_given(review[Label.ABUSIVE])
    review[Label.HATE] = float(GRID[np.argmax(hate)])
    begins = abstain_thresholds(evidence, review, section)
    return {
        x: Thresholds(
            abstain=begins[x],
            review=review[x],
            review_urgent=urgent_threshold(
                (within if x is Label.HATE else evidence).known(x), review[x], section
            ),
        )
        for x in Label
    }
