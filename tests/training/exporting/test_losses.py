"""What a graph loses is counted at the thresholds, label by label."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiemtin.labels import Label
from training.corpora.row import Head, Row
from training.errors import ExportError
from training.evaluation.scored import Scored
from training.exporting.losses import ALL, measure_losses, why_refused
from training.recipes.outcome import ExportSection

SECTION = ExportSection()


def _scored(flags: list[bool], truth: list[bool], corpora: list[str]) -> Scored:
    rows = [
        Row(c, str(i), "", Head.SCAM, {Label.SCAM: t})
        for i, (t, c) in enumerate(zip(truth, corpora, strict=True))
    ]
    all_flags = np.zeros((len(rows), len(Label)), dtype=bool)
    all_flags[:, list(Label).index(Label.SCAM)] = flags
    return Scored(rows, all_flags.astype(np.float64), all_flags)


def _pair(n_missed: int) -> tuple[Scored, Scored]:
    """Return a perfect graph, and one that misses some of 100 scams in 1,000 rows."""
    truth = [i < 100 for i in range(1000)]
    corpora = ["small" if i % 10 == 0 else "large" for i in range(1000)]
    missed = [t and i >= n_missed for i, t in enumerate(truth)]
    return _scored(truth, truth, corpora), _scored(missed, truth, corpora)


def test_missed_rows_are_lost() -> None:
    """Ten missed of a hundred are 5.3 points of the F1 of the rare class."""
    lost = {x.corpus: x for x in measure_losses(*_pair(10))}

    assert set(lost) == {ALL, "small", "large"}
    assert lost[ALL].flips == 10
    assert lost[ALL].rows == 1000
    assert lost[ALL].rare_f1 == pytest.approx(1 - 2 * 90 / 190, abs=1e-5)
    assert 0 < lost[ALL].macro_f1 < lost[ALL].rare_f1


def test_loss_is_refused_with_its_figure() -> None:
    """A point of F1 of the rare class is too much; the label and the limit are told."""
    refused = why_refused(measure_losses(*_pair(10)), SECTION)

    assert "scam loses 5.26 points of F1 of the rare class on 1000 rows" in refused
    assert "at most 1 are allowed" in refused


def test_flip_in_a_small_corpus_is_no_reason() -> None:
    """One flip of a thousand is told of its corpus, where it is 5 points, and no more."""
    losses = measure_losses(*_pair(1))

    assert max(x.rare_f1 for x in losses if x.corpus == "small") > SECTION.rare_f1_lost
    assert why_refused(losses, SECTION) == ""


@given(st.lists(st.tuples(st.booleans(), st.booleans(), st.booleans()), min_size=4))
def test_gain_is_the_opposite_of_a_loss(rows: list[tuple[bool, bool, bool]]) -> None:
    """The other way round, every figure has the other sign, and as many rows flip."""
    truth = [t for t, _, _ in rows]
    ours, theirs = (_scored([r[i] for r in rows], truth, ["a"] * len(rows)) for i in (1, 2))  # fmt: skip
    if len(set(truth)) == 1:
        with pytest.raises(ExportError, match="no sample of any label"):
            measure_losses(ours, theirs)
        return

    for there, back in zip(
        measure_losses(ours, theirs), measure_losses(theirs, ours), strict=True
    ):
        assert there.macro_f1 == pytest.approx(-back.macro_f1)
        assert there.rare_f1 == pytest.approx(-back.rare_f1)
        assert there.flips == back.flips
