"""What thresholds would do is counted as serving would do it."""

import numpy as np
import pytest

from kiemtin.labels import Label
from kiemtin.manifest import Thresholds
from tests.fixtures.judged import joined, judged
from training.calibrating.evidence import Evidence
from training.calibrating.outcome import foresee

THRESHOLDS = dict.fromkeys(Label, Thresholds(review=1, review_urgent=1)) | {
    Label.SPAM: Thresholds(abstain=0.3, review=0.5, review_urgent=0.9)
}


def _scores(*spam: float) -> np.ndarray:
    scores = np.zeros((len(spam), len(Label)))
    scores[:, list(Label).index(Label.SPAM)] = spam
    return scores


DEV = joined(
    judged(
        "shop",
        {Label.SPAM: np.array([1, 1, 1, 0, 0, 0])},
        _scores(0.95, 0.6, 0.4, 0.55, 0.35, 0.1),
    ),
    judged("others", {Label.SCAM: np.array([0, 0])}, _scores(0.7, 0.1)),
)
SPEECH = judged("speech", {}, _scores(0.6, 0.1, 0.1, 0.1))


def test_a_label_is_counted_where_rows_speak_of_it() -> None:
    """Shares are of all posts; precision and recall of rows with an answer."""
    spam = foresee("x", THRESHOLDS, Evidence(DEV, SPEECH, (), DEV.scores), 1000).labels[
        Label.SPAM
    ]

    assert spam.queued == 4 / 8
    assert spam.a_day == 500
    assert spam.urgent == 1 / 8
    assert spam.undecided == 2 / 8
    assert spam.precision is not None
    assert (spam.precision.value, spam.precision.rows) == (0.6667, 3)
    assert spam.precision.low < 0.6667 < spam.precision.high
    assert spam.recall is not None
    assert (spam.recall.value, spam.recall.rows) == (0.6667, 3)
    assert spam.cleared_wrongly is not None
    assert (spam.cleared_wrongly.value, spam.cleared_wrongly.rows) == (0, 1)


def test_protected_speech_stands_beside_other_benign_text() -> None:
    """One in four of the speech, two in five of the benign rows: a ratio below one."""
    found = foresee("x", THRESHOLDS, Evidence(DEV, SPEECH, (), DEV.scores), 1000).any

    assert found.protected is not None
    assert (found.protected.value, found.protected.rows) == (0.25, 4)
    assert found.benign == 2 / 5
    assert found.ratio == 0.625


def test_any_label_has_no_precision() -> None:
    """Hardly a row has an answer for every label, so that of any nothing is said."""
    found = foresee("x", THRESHOLDS, Evidence(DEV, SPEECH, (), DEV.scores), 1000).any

    assert found.precision is found.recall is found.cleared_wrongly is None
    assert found.queued == 4 / 8


def test_queues_are_those_of_the_posts_that_come_in() -> None:
    """Posts of a user's own decide shares, and nothing else."""
    calm = Evidence(DEV, SPEECH, (), _scores(*[0.1] * 99, 0.6))

    spam = foresee("x", THRESHOLDS, calm, 200).labels[Label.SPAM]

    assert (spam.queued, spam.a_day) == (0.01, 2)
    assert spam.recall is not None
    assert spam.recall.rows == 3


def test_what_cannot_be_counted_is_left_open() -> None:
    """A label of which no row speaks has no precision; no benign flag, no ratio."""
    none = THRESHOLDS | {Label.SPAM: Thresholds(review=1, review_urgent=1)}
    found = foresee("x", none, Evidence(DEV, SPEECH, (), DEV.scores), 10)

    assert found.labels[Label.HATE].recall is None
    assert found.labels[Label.SPAM].precision is None
    assert found.any.ratio is None
    assert found.any.queued == pytest.approx(0)
