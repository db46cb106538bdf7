"""Two models are compared on the same rows, and chance is told from difference."""

import numpy as np
import pytest

from tests.training.evaluation.conftest import MakeScored
from training.evaluation.comparison import aligned, compare
from training.evaluation.scored import Scored


def test_a_model_is_no_better_than_itself(scored: Scored) -> None:
    """Against itself every difference is nothing, and nothing speaks against that."""
    for found in compare(scored, scored, n_samples=100):
        assert (found.difference, found.low, found.high, found.p_value) == (0, 0, 0, 1)
        assert not found.is_clear


def test_every_figure_of_a_corpus_is_compared(scored: Scored) -> None:
    """They are AUC and both F1 of each label, and three classes where there are."""
    found = compare(scored, scored, n_samples=20)

    assert [(d.corpus, d.figure) for d in found] == [
        ("reintel", "unreliable.auc"),
        ("reintel", "unreliable.macro_f1"),
        ("reintel", "unreliable.f1"),
        ("vihsd", "abusive.auc"),
        ("vihsd", "abusive.macro_f1"),
        ("vihsd", "abusive.f1"),
        ("vihsd", "hate.auc"),
        ("vihsd", "hate.macro_f1"),
        ("vihsd", "hate.f1"),
        ("vihsd", "three_classes.macro_f1"),
    ]
    assert {d.rows for d in found} == {240}


def test_a_better_model_is_seen(make_scored: MakeScored) -> None:
    """A model with much less noise is clearly better in all figures."""
    found = compare(make_scored(noise=0.1, seed=1), make_scored(noise=0.6, seed=2))

    assert all(d.low > 0 and d.p_value < 0.01 for d in found)
    assert all(d.is_clear for d in found)


def test_sides_are_mirrored(make_scored: MakeScored) -> None:
    """Who is ours and who is theirs turns the sign, and nothing else."""
    one, other = make_scored(noise=0.3, seed=1), make_scored(noise=0.4, seed=2)

    for there, back in zip(compare(one, other), compare(other, one), strict=True):
        assert there.difference == pytest.approx(-back.difference)
        assert there.low == pytest.approx(-back.high)
        assert there.p_value == back.p_value


def test_models_alike_are_seldom_told_apart(make_scored: MakeScored) -> None:
    """Of models that differ by their draw of noise few seem to differ clearly."""
    found = [
        d
        for seed in range(6)
        for d in compare(
            make_scored(noise=0.4, seed=seed), make_scored(noise=0.4, seed=seed + 100)
        )
    ]

    assert np.mean([d.is_clear for d in found]) < 0.2


def test_rows_are_matched_by_name(scored: Scored) -> None:
    """The order of rows does not matter, and those of one model alone are left out."""
    shuffled = scored.pick(np.random.default_rng(0).permutation(480).tolist()[:400])

    ours, theirs = aligned([scored, shuffled])
    found = compare(scored, shuffled, n_samples=50)

    assert [r.key for r in ours.rows] == [r.key for r in theirs.rows]
    assert len(ours.rows) == 400
    assert all(d.difference == 0 for d in found)


def test_what_one_does_not_score_is_not_compared(scored: Scored) -> None:
    """Where a model has no score of a label there is no difference, not a wrong one."""
    scores = scored.scores.copy()
    scores[:, 0] = np.nan
    silent = Scored(scored.rows, scores, scored.flags)

    assert {d.corpus for d in compare(scored, silent, n_samples=10)} == {"vihsd"}
    assert {d.corpus for d in compare(silent, scored, n_samples=10)} == {"vihsd"}
