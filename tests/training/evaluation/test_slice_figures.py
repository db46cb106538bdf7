"""Slices have figures of their own where there are rows enough, else they say so."""

from kiemtin.labels import Label
from training.evaluation.metrics import auc
from training.evaluation.scored import Scored
from training.evaluation.slice_figures import (
    MIN_POSITIVES,
    MIN_ROWS,
    flagged_slices,
    measure_slices,
    weakest,
)


def test_figures_are_of_the_rows_of_the_slice(scored: Scored) -> None:
    """A slice is measured on its rows, and on none of another corpus."""
    found = {(x.slice, x.corpus, x.label): x for x in measure_slices(scored)}
    told = found["political", "reintel", Label.UNRELIABLE]
    part = scored.of("reintel").pick(range(0, 240, 2))

    assert (told.rows, told.positives) == (120, 60)
    expected = auc(part.truth(Label.UNRELIABLE), part.score(Label.UNRELIABLE))
    assert told.figures["auc"].value == round(expected, 4)
    assert set(told.figures) == {"auc", "macro_f1", "f1"}


def test_a_small_slice_says_so_rather_than_a_number(scored: Scored) -> None:
    """Too few rows or too few positives are told in words, and nothing is measured."""
    few = scored.pick([*range(10), *range(240, 300)])

    for x in measure_slices(few):
        is_small = x.rows < MIN_ROWS or x.positives < MIN_POSITIVES
        assert bool(x.too_few) == is_small
        assert bool(x.figures) != is_small
    small = next(x for x in measure_slices(few) if x.corpus == "reintel")
    assert f"of {MIN_ROWS} rows" in small.too_few


def test_a_corpus_is_no_slice_of_itself(scored: Scored) -> None:
    """What stands among the figures of the corpora is not measured twice."""
    assert not [x for x in measure_slices(scored) if x.slice.startswith("corpus.")]


def test_the_weakest_come_first(scored: Scored) -> None:
    """Slices are ordered by a figure, the lowest first."""
    found = weakest(measure_slices(scored), "auc")
    values = [x.figures["auc"].value for x in found]

    assert values
    assert values == sorted(values)


def test_shares_are_of_slices_that_are_large_enough(scored: Scored) -> None:
    """Which part is flagged is told of each slice, by any label and by each."""
    found = flagged_slices(scored)
    reintel = found["corpus.reintel"]

    assert set(reintel) == {f"{x}.flagged" for x in (*Label, "any")}
    flagged = scored.of("reintel").flags.any(axis=1).mean()
    assert reintel["any.flagged"].value == round(float(flagged), 4)
    assert flagged_slices(scored.pick(range(MIN_ROWS - 1))) == {}
