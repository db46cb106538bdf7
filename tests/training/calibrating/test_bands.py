"""What is urgent, and of what nothing is concluded."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from kiemtin.labels import Label
from kiemtin.manifest import Thresholds
from kiemtin.policy import SEVERITIES, Policy
from tests.fixtures.judged import NONE, SECTION, a_pool, judged
from training.calibrating.bands import (
    abstain_thresholds,
    flagged_posts,
    undecided_posts,
    urgent_threshold,
)
from training.calibrating.evidence import Evidence
from training.calibrating.rules import GRID

thresholds = st.lists(
    st.sampled_from(GRID.tolist()),
    min_size=len(Label),
    max_size=len(Label),
).map(lambda found: dict(zip(Label, found, strict=True)))


@given(seed=st.integers(0, 1000), review=thresholds, band=thresholds)
@settings(max_examples=25, deadline=None)
def test_flags_and_bands_are_those_that_are_served(
    seed: int, review: dict[Label, float], band: dict[Label, float]
) -> None:
    """What is foreseen for many posts at once is what the policy does with each."""
    begins = {x: b if b < review[x] else None for x, b in band.items()}
    policy = Policy(
        version="",
        severities=SEVERITIES,
        thresholds={
            x: Thresholds(abstain=begins[x], review=review[x], review_urgent=1)
            for x in Label
        },
    )
    scores = a_pool(seed, n=4).dev.scores

    flags = flagged_posts(scores, review)
    undecided = undecided_posts(scores, review, begins)

    for i, row in enumerate(scores.tolist()):
        served = dict(zip(Label, row, strict=True))
        flagged = policy.flag(served, {})
        assert flags[i].tolist() == list(flagged.values())
        unsure = policy.uncertain(served, flagged)
        assert undecided[i].tolist() == [x in unsure for x in Label]


@given(seed=st.integers(0, 10_000), review=thresholds, most=st.floats(0, 0.5))
@settings(max_examples=25, deadline=None)
def test_bands_are_no_wider_than_allowed(
    seed: int, review: dict[Label, float], most: float
) -> None:
    """All bands together hold at most the share of posts that the recipe names."""
    section = SECTION.model_copy(update={"abstained": most})
    evidence = a_pool(seed, n=200)

    begins = abstain_thresholds(evidence, review, section)

    undecided = undecided_posts(evidence.posts, review, begins)
    assert undecided.any(axis=1).mean() <= most
    assert all(b is None or b < review[x] for x, b in begins.items())


def _spam(truth: list[int], scores: list[float]) -> Evidence:
    dev = judged("shop", {Label.SPAM: np.array(truth)}, np.array(scores))
    return Evidence(dev, NONE, (), dev.scores)


REVIEW = dict.fromkeys(Label, 0.6)


def test_band_is_as_narrow_as_it_may_be() -> None:
    """It begins where what is left below is right, not earlier."""
    evidence = _spam([0] * 98 + [1] * 2 + [1] * 6, [0.1] * 98 + [0.4] * 2 + [0.8] * 6)
    section = SECTION.model_copy(update={"cleared_wrongly": 0.01})

    begins = abstain_thresholds(evidence, REVIEW, section)

    assert begins[Label.SPAM] == 0.4
    assert all(b is None for x, b in begins.items() if x is not Label.SPAM)


def test_no_band_where_none_is_needed() -> None:
    """Where what is below review is right often enough, everything is concluded."""
    evidence = _spam([0] * 98 + [1] * 2 + [1] * 6, [0.1] * 98 + [0.4] * 2 + [0.8] * 6)
    section = SECTION.model_copy(update={"cleared_wrongly": 0.05})

    assert abstain_thresholds(evidence, REVIEW, section)[Label.SPAM] is None


def test_a_label_that_no_row_speaks_of_has_no_band() -> None:
    """Without truth there is nothing to be sure or unsure of."""
    evidence = _spam([0, 1], [0.1, 0.9])

    assert abstain_thresholds(evidence, REVIEW, SECTION)[Label.SCAM] is None


@given(seed=st.integers(0, 10_000), review=st.sampled_from(GRID.tolist()))
@settings(max_examples=30, deadline=None)
def test_urgent_is_above_review_and_precise(seed: int, review: float) -> None:
    """What is called urgent is right as often as asked, or hardly anything is."""
    part = a_pool(seed).known(Label.SPAM)

    urgent = urgent_threshold(part, review, SECTION)

    truth, scores = part
    assert urgent >= review
    if urgent < 0.99:
        assert urgent > review
        assert truth[scores >= urgent].mean() >= SECTION.urgent_precision
