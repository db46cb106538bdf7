"""The thresholds of the floor are the best that dev knows."""

import numpy as np

from kiemtin.labels import Label
from training.evaluation.floor_thresholds import flag
from training.evaluation.metrics import macro_f1
from training.evaluation.scored import Scored

STEPS = np.arange(0.05, 1, 0.05)


def test_no_threshold_of_one_label_is_better(scored: Scored) -> None:
    """Of a corpus with one label no other threshold has a better macro-F1 on dev."""
    part = scored.of("reintel")
    truth, scores = part.truth(Label.UNRELIABLE), part.score(Label.UNRELIABLE)
    chosen = flag(part.scores, chosen_on=part)[:, 0]

    best = max(macro_f1(truth, (scores >= t).astype(np.float64)) for t in STEPS)

    assert macro_f1(truth, chosen.astype(np.float64)) >= best - 1e-9


def test_no_pair_is_better_for_three_classes(scored: Scored) -> None:
    """Of a corpus with three classes the pair of thresholds is chosen together."""
    part = scored.of("vihsd")
    truth = part.truth(Label.ABUSIVE) + part.truth(Label.HATE)
    abusive, hate = part.score(Label.ABUSIVE), part.score(Label.HATE)
    flags = flag(part.scores, chosen_on=part)
    chosen = np.where(flags[:, 2], 2.0, np.where(flags[:, 1], 1.0, 0.0))

    best = max(
        macro_f1(truth, np.where(abusive < a, 0.0, np.where(hate < h, 1.0, 2.0)))
        for a in STEPS
        for h in STEPS
    )

    assert macro_f1(truth, chosen) >= best - 1e-9
    assert not (flags[:, 2] & ~flags[:, 1]).any()


def test_unknown_scores_are_not_flagged(scored: Scored) -> None:
    """What is not a number is above no threshold."""
    scores = np.full_like(scored.scores, np.nan)

    assert not flag(scores, chosen_on=scored.of("reintel")).any()
