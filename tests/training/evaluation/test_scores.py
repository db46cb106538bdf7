"""A bundle scores each split once, however many figures are made of it."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from kiemtin.errors import InputError
from kiemtin.schemas import Item, ScoreOut
from kiemtin.scoring import Scorer
from training.corpora.row import Head, Row
from training.evaluation.scores import CLEAN, SEED, Scores, changed
from training.perturb import Half, perturb
from training.rows import Pool
from training.splits import Split


class Counting(Scorer):
    """A bundle that counts what it scores."""

    n_scored = 0

    def score_batch(self, items: Sequence[Item]) -> list[ScoreOut | InputError]:
        """Count and score."""
        self.n_scored += len(items)
        return super().score_batch(items)


@pytest.fixture
def scores(bundle: Path) -> Scores:
    """A bundle and ten rows for each split."""
    rows = [
        Row("vihsd", f"train:{i}", f"mày là đồ ngu {i}", Head.HARM, {})
        for i in range(10)
    ]
    pool = Pool(dict.fromkeys(Split, rows), "sha256:0", 1, {}, {})
    return Scores(Counting.load(bundle), pool)


def test_nothing_is_scored_twice(scores: Scores) -> None:
    """What was asked for once is kept, and the like of it is told apart."""
    scorer = scores.scorer
    assert isinstance(scorer, Counting)

    first = scores.of(Split.DEV)
    assert scores.of(Split.DEV) is first
    assert scorer.n_scored == 10
    stripped = scores.of(Split.DEV, "stripped")

    assert scores.of(Split.DEV, "stripped") is stripped
    assert scores.of(Split.TEST) is not first
    assert scorer.n_scored == 30


def test_copies_are_written_by_the_other_half(scores: Scores) -> None:
    """Texts are changed by the half that augmentation never uses, labels are not."""
    rows = scores.pool.rows[Split.DEV]

    copies = changed(rows, "teencode")

    assert [c.key for c in copies] == [r.key for r in rows]
    assert [c.text for c in copies] == [
        perturb("teencode", r.text, seed=SEED, half=Half.B) for r in rows
    ]
    assert changed(rows, CLEAN) is rows


def test_an_unknown_perturbation_is_no_clean_text(scores: Scores) -> None:
    """A name that nobody knows is an error, not a copy that was not changed."""
    with pytest.raises(KeyError):
        scores.of(Split.DEV, "nonsense")
