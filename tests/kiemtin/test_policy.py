"""From probabilities to a recommendation."""

from pathlib import Path

import pytest

from kiemtin.bundle import read_manifest
from kiemtin.labels import Label, Recommendation
from kiemtin.manifest import Manifest, Thresholds
from kiemtin.policy import SEVERITIES, Policy


@pytest.fixture
def manifest(bundle: Path) -> Manifest:
    """Thresholds of 0.5 and 0.99 for every label."""
    return read_manifest(bundle)


def _scores(**scores: float) -> dict[Label, float]:
    return dict.fromkeys(Label, 0.1) | {Label(x): p for x, p in scores.items()}


@pytest.mark.parametrize(
    ("score", "expected"),
    [
        (0.4999, Recommendation.NONE),
        (0.5, Recommendation.REVIEW),
        (0.9899, Recommendation.REVIEW),
        (0.99, Recommendation.REVIEW_URGENT),
        (1.0, Recommendation.REVIEW_URGENT),
    ],
)
def test_thresholds_are_inclusive(
    manifest: Manifest, score: float, expected: Recommendation
) -> None:
    """A score at a threshold has reached it."""
    policy, scores = Policy.of(manifest), _scores(scam=score)

    assert policy.recommend(scores, policy.flag(scores, {})) == expected


def test_most_urgent_label_decides(manifest: Manifest) -> None:
    """One urgent label is enough, whatever the others say."""
    policy, scores = Policy.of(manifest), _scores(spam=0.6, scam=0.995)

    flagged = policy.flag(scores, {})

    assert policy.recommend(scores, flagged) == Recommendation.REVIEW_URGENT


def test_hate_is_flagged_only_with_abusive(manifest: Manifest) -> None:
    """The part is not flagged where the whole is not."""
    policy = Policy.of(manifest)

    assert not policy.flag(_scores(hate=0.9, abusive=0.4), {})[Label.HATE]
    assert policy.flag(_scores(hate=0.9, abusive=0.9), {})[Label.HATE]


def test_label_that_abstains_is_not_flagged(manifest: Manifest) -> None:
    """A score that should not be believed recommends nothing."""
    policy, abstain = Policy.of(manifest), {Label.HATE: "not_vietnamese"}
    flagged = policy.flag(_scores(hate=1.0), abstain)

    assert not any(flagged.values())
    assert policy.recommend(_scores(hate=1.0), flagged) == Recommendation.NONE


@pytest.fixture
def banded(manifest: Manifest) -> Policy:
    """Bands from 0.3 for hate and scam, none for the others."""
    band = Thresholds(abstain=0.3, review=0.5, review_urgent=0.99)
    thresholds = manifest.thresholds | {Label.HATE: band, Label.SCAM: band}
    return Policy.of(manifest.model_copy(update={"thresholds": thresholds}))


@pytest.mark.parametrize(
    ("score", "unsure"), [(0.2999, False), (0.3, True), (0.4999, True), (0.5, False)]
)
def test_band_is_below_review(banded: Policy, score: float, unsure: bool) -> None:  # noqa: FBT001 - a column of the table
    """From abstain on to review nothing is concluded, and nothing recommended."""
    scores = _scores(scam=score, spam=score)
    flagged = banded.flag(scores, {})

    abstain = banded.uncertain(scores, flagged)

    assert abstain == ({Label.SCAM: "uncertain"} if unsure else {})
    assert flagged[Label.SCAM] == (score >= 0.5)
    assert (banded.recommend(scores, flagged) == Recommendation.NONE) == (score < 0.5)


def test_hate_without_abusive_is_uncertain(banded: Policy) -> None:
    """What is not flagged only for its whole's sake is not cleared either."""
    scores = _scores(hate=0.9, abusive=0.4)

    assert banded.uncertain(scores, banded.flag(scores, {})) == {
        Label.HATE: "uncertain"
    }


def test_version_names_the_band(manifest: Manifest, banded: Policy) -> None:
    """A band makes another policy; without one a policy is what it was before bands."""
    assert banded.version != Policy.of(manifest).version
    assert repr(manifest.thresholds[Label.SPAM]) == (
        "Thresholds(review=0.5, review_urgent=0.99)"
    )


def test_every_label_is_answered(manifest: Manifest) -> None:
    """Flags are for all labels, in their order."""
    assert list(Policy.of(manifest).flag(_scores(), {})) == list(Label)


def test_version_names_the_thresholds(manifest: Manifest) -> None:
    """Equal policies have one version, another threshold makes another."""
    thresholds = dict(manifest.thresholds)
    thresholds[Label.SCAM] = Thresholds(review=0.51, review_urgent=0.99)
    other = manifest.model_copy(update={"thresholds": thresholds})

    assert Policy.of(manifest).version == Policy.of(manifest).version
    assert Policy.of(manifest).version != Policy.of(other).version


def test_every_label_has_a_severity() -> None:
    """Severities go from 1 to 3 and leave out no label."""
    assert set(SEVERITIES) == set(Label)
    assert set(SEVERITIES.values()) <= {1, 2, 3}
