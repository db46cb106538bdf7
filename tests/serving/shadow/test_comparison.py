"""Two models are compared in counts that add up."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiemtin.labels import Label, Recommendation
from serving.shadow.comparison import EDGES, Comparison, Flagged
from serving.shadow.report import posts_of, slices_of
from serving.shadow.slices import Slice
from tests.serving.shadow.test_slices import score_object

SCORES = st.integers(0, 10_000).map(lambda x: x / 10_000)
SAID = st.builds(
    score_object, score=SCORES, flagged=st.booleans(), tokens=st.integers(1, 20)
)


def _comparison() -> Comparison:
    return Comparison("sha256:0", datetime.now(UTC))


@given(st.lists(st.tuples(SAID, SAID), max_size=20))
def test_every_post_is_counted_once(said: list[tuple[object, object]]) -> None:
    """In each slice flags, recommendations and differences count the same posts."""
    comparison = _comparison()
    for ours, theirs in said:
        comparison.add(ours, theirs)  # type: ignore[arg-type]

    assert comparison.n_compared == len(said)
    for counts in comparison.slices.values():
        assert counts.recommended.total() == counts.n
        for label_counts in counts.labels.values():
            assert label_counts.n == counts.n
            assert label_counts.at_most()[EDGES[-1]] == counts.n


def test_who_flagged_is_told_apart() -> None:
    """Both, one of them, the other, or neither."""
    comparison = _comparison()
    for ours, theirs in ((True, True), (True, False), (False, True), (False, False)):
        comparison.add(score_object(flagged=ours), score_object(flagged=theirs))

    counts = comparison.slices[Slice.ALL]
    assert counts.labels[Label.SCAM].flagged == dict.fromkeys(Flagged, 1)
    assert counts.recommended[Recommendation.NONE, Recommendation.REVIEW] == 1
    assert comparison.slices[Slice.UNFLAGGED].n == 2


@pytest.mark.parametrize(
    ("ours", "theirs", "first"),
    [(0.1, 0.1, 0.01), (0.3, 0.1, 0.2), (0.1, 0.3, 0.2), (0.11, 0.1, 0.01), (0, 1, 1)],
)
def test_a_difference_has_no_sign(ours: float, theirs: float, first: float) -> None:
    """It counts from the first edge on that is not below it."""
    comparison = _comparison()
    comparison.add(score_object(score=ours), score_object(score=theirs))

    counts = comparison.slices[Slice.ALL].labels[Label.SPAM]
    assert counts.largest == counts.total == abs(ours - theirs)
    assert counts.at_most() == {edge: int(edge >= first) for edge in EDGES}


def test_a_report_has_the_slices_with_posts() -> None:
    """As JSON, with means, and without what nobody asked."""
    assert slices_of(None) == {}
    assert posts_of(None).compared == 0
    comparison = _comparison()
    comparison.add(score_object(score=0.1), score_object(score=0.4, flagged=True))
    comparison.add(score_object(score=0.1), score_object(score=0.2))
    comparison.n_dropped = 3

    report = slices_of(comparison)

    assert set(report) == {"all", "unflagged"}
    assert report["all"].recommendations == {
        Recommendation.NONE: {Recommendation.NONE: 1, Recommendation.REVIEW: 1}
    }
    label = report["all"].labels[Label.HATE]
    assert (label.difference.mean, label.difference.largest) == (0.2, 0.3)
    assert (label.flagged.challenger, label.flagged.neither) == (1, 1)
    assert posts_of(comparison).model_dump() == {
        "compared": 2,
        "dropped": 3,
        "failed": 0,
    }
