"""Bias figures see a model that punishes politics, and none that does not."""

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiemtin.labels import Label
from training.corpora.row import Head, Row
from training.evaluation.bias import OTHERS_FLAGGED, bias, protected_flagged
from training.evaluation.scored import Scored

COLUMN = list(Label).index(Label.ABUSIVE)
TEXTS = {True: "chính phủ nói vậy", False: "trời hôm nay đẹp"}


def _scored(rows: Sequence[tuple[bool, bool | None, float]]) -> Scored:
    """Rows as (political, abusive or not known, score); other labels score nothing."""
    made = [
        Row(
            "vihsd",
            str(i),
            TEXTS[political],
            Head.HARM,
            {} if abusive is None else {Label.ABUSIVE: abusive},
        )
        for i, (political, abusive, _) in enumerate(rows)
    ]
    scores = np.zeros((len(rows), len(Label)))
    scores[:, COLUMN] = [s for _, _, s in rows]
    return Scored(made, scores, scores > 0.5)


def _model(punished: float, n: int = 1000) -> tuple[Scored, Scored]:
    """A dev set and protected speech, scored by a model that adds *punished* to politics."""
    rng = np.random.default_rng(0)
    dev = [
        (bool(p), bool(y), float(rng.normal(y) + punished * p))
        for p, y in rng.integers(0, 2, (n, 2))
    ]
    protected = [(True, None, float(rng.normal() + punished)) for _ in range(n)]
    return _scored(dev), _scored(protected)


def test_a_fair_model_flags_a_tenth() -> None:
    """Protected speech that scores as other benign text does is flagged as often."""
    dev, protected = _model(0.0)
    found = bias(dev, protected)[Label.ABUSIVE].protected_flagged

    assert found
    assert found.value == pytest.approx(OTHERS_FLAGGED, abs=0.04)


def test_punished_politics_shows() -> None:
    """Added scores raise what is flagged and lower the AUC that sees them."""
    fair = bias(*_model(0.0))[Label.ABUSIVE]
    unfair = bias(*_model(2.0))[Label.ABUSIVE]

    assert fair.protected_flagged
    assert unfair.protected_flagged
    assert unfair.protected_flagged.value > fair.protected_flagged.value + 0.1
    assert fair.bpsn_auc
    assert unfair.bpsn_auc
    assert unfair.bpsn_auc.value < 0.5 < fair.bpsn_auc.value
    assert fair.protected_auc
    assert unfair.protected_auc
    assert unfair.protected_auc.value < 0.5 < fair.protected_auc.value


def test_a_shift_is_not_seen_within_the_subgroup() -> None:
    """Politics punished evenly is ranked as well among itself: one AUC is not enough."""
    fair = bias(*_model(0.0))[Label.ABUSIVE].subgroup_auc
    unfair = bias(*_model(2.0))[Label.ABUSIVE].subgroup_auc

    assert fair
    assert fair == unfair


def test_politics_as_an_excuse_shows() -> None:
    """Scores that politics lowers are missed harms."""
    excused = bias(*_model(-2.0))[Label.ABUSIVE].bnsp_auc

    assert excused
    assert excused.value < 0.5


@settings(max_examples=10, deadline=None)
@given(st.floats(0.01, 100), st.floats(-5, 5))
def test_only_the_order_matters(scale: float, shift: float) -> None:
    """Calibration and thresholds change nothing: the figures are of ranks."""
    dev, protected = _model(0.5, n=100)
    moved = [
        Scored(s.rows, np.where(s.scores == 0, 0, s.scores * scale + shift), s.flags)
        for s in (dev, protected)
    ]
    found, again = bias(dev, protected), bias(*moved)

    assert found[Label.ABUSIVE] == again[Label.ABUSIVE]


def test_any_label_is_as_strict_as_the_one_that_speaks() -> None:
    """Labels that tell no row from another add nothing to what is flagged."""
    dev, protected = _model(1.0)
    alone = bias(dev, protected)[Label.ABUSIVE].protected_flagged
    together = protected_flagged(dev, protected)

    assert alone
    assert together
    assert together.value == pytest.approx(alone.value, abs=0.01)


def test_labels_share_what_they_may_flag() -> None:
    """With five labels that speak, each is stricter, and a fair model still fair."""
    rng = np.random.default_rng(1)
    dev, protected = _model(0.0)
    made = [
        Scored(s.rows, rng.normal(size=s.scores.shape), s.flags)
        for s in (dev, protected)
    ]
    found = protected_flagged(*made)

    assert found
    assert found.value == pytest.approx(OTHERS_FLAGGED, abs=0.04)


def test_few_rows_say_nothing() -> None:
    """Where hardly a political row carries the label there is no AUC, but no error."""
    dev = _scored([(False, y, 0.5 * y) for y in (True, False)] * 20)
    found = bias(dev, _scored([]))[Label.ABUSIVE]

    assert found.political == 0
    assert found.subgroup_auc is found.bpsn_auc is found.bnsp_auc is None
    assert found.protected_flagged is None
    assert protected_flagged(dev, _scored([])) is None


def test_unknown_labels_are_not_measured() -> None:
    """A label that no row carries has no AUC."""
    found = bias(*_model(0.0))[Label.SCAM]

    assert found.political == 0
    assert found.bpsn_auc is None
