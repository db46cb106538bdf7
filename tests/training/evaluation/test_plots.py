"""Plots are drawn of what there is, for pages and for the tracker alike."""

import io

import numpy as np
import pytest

from kiemtin.labels import Label
from kiemtin.manifest import Thresholds
from training.evaluation.drawing import to_svg
from training.evaluation.plots import THREE_CLASSES_PLOT, all_plots, threshold_curve
from training.evaluation.scored import Scored

THRESHOLDS = dict.fromkeys(
    Label, Thresholds(abstain=0.3, review=0.5, review_urgent=0.9)
)
KINDS = ("precision_recall", "reliability", "confusion", "threshold_curve")


def test_each_label_that_is_known_has_its_plots(scored: Scored) -> None:
    """There are four of each label, one of the three classes, and none of the others."""
    found = all_plots(scored, THRESHOLDS)

    assert set(found) == {
        *(f"plots/{x}/{k}" for x in ("unreliable", "abusive", "hate") for k in KINDS),
        THREE_CLASSES_PLOT,
    }


def test_nothing_is_drawn_of_nothing(scored: Scored) -> None:
    """Without rows, or with too few of a label, there is no empty plot."""
    assert all_plots(scored.pick([]), THRESHOLDS) == {}
    assert all_plots(scored.pick([0, 1, 2, 3]), THRESHOLDS) == {}


def test_a_plot_is_a_picture_on_white(scored: Scored) -> None:
    """What the tracker keeps can be read wherever it is shown."""
    for name, figure in all_plots(scored.of("vihsd"), THRESHOLDS).items():
        written = io.BytesIO()
        figure.savefig(written, format="png", dpi=40)

        assert written.getvalue().startswith(b"\x89PNG"), name
        assert figure.get_facecolor() == (1, 1, 1, 1)


@pytest.mark.parametrize(
    ("abstain", "named"),
    [(0.3, ["abstain", "review", "urgent"]), (None, ["review", "urgent"])],
)
def test_shipped_thresholds_are_marked(
    scored: Scored, abstain: float | None, named: list[str]
) -> None:
    """A line stands at each threshold that there is."""
    thresholds = Thresholds(abstain=abstain, review=0.5, review_urgent=0.9)

    (axes,) = threshold_curve(scored, Label.ABUSIVE, thresholds).axes

    assert [t.get_text() for t in axes.texts] == named


def test_lines_are_told_apart_without_colours(scored: Scored) -> None:
    """Who sees no colours sees dashes."""
    (axes,) = threshold_curve(scored, Label.ABUSIVE, THRESHOLDS[Label.ABUSIVE]).axes
    dashes = {str(line.get_linestyle()) + str(line._dash_pattern)  # type: ignore[attr-defined]  # noqa: SLF001 - there is no other way to ask
              for line in axes.lines[:4]}  # fmt: skip

    assert len(dashes) == 4


def test_the_same_scores_are_the_same_bytes(scored: Scored) -> None:
    """Nothing in a plot hangs on the day or on chance."""
    one, two = (
        {n: to_svg(f, n, "x") for n, f in all_plots(scored, THRESHOLDS).items()}
        for _ in range(2)
    )

    assert one == two
    assert np.mean([len(x) for x in one.values()]) < 100_000
