"""The floor learns from the rows that train, and is learnt once."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from kiemtin.labels import Label
from training.corpora.row import Head, Row
from training.evaluation.floor import score_floor
from training.evaluation.metrics import auc
from training.rows import Pool
from training.splits import Split

ABUSIVE, HATE = (list(Label).index(x) for x in (Label.ABUSIVE, Label.HATE))


def _rows(split: str, n: int) -> list[Row]:
    texts = ("trời đẹp quá cả nhà ơi", "ngu dốt câm mồm đi", "lũ súc vật cút hết về")
    comments = [
        Row(
            "vihsd",
            f"{split}:{i}",
            f"{texts[i % 3]} {i}",
            Head.HARM,
            {Label.ABUSIVE: i % 3 > 0, Label.HATE: i % 3 > 1},
        )
        for i in range(n)
    ]
    reviews = [
        Row(
            "vispamreviews",
            f"{split}:{i}",
            f"{'sim số đẹp vay tiền' if i % 4 == 0 else 'giao hàng nhanh vải mềm'} {i}",
            Head.SPAM,
            {Label.SPAM: i % 4 == 0},
        )
        for i in range(n)
    ]
    return [*comments, *reviews]


def _pool(n: int = 60) -> Pool:
    rows = {Split.TRAIN: _rows("train", n), Split.DEV: _rows("dev", 30)}
    rows[Split.TEST] = _rows("test", 30)
    return Pool(rows, "sha256:0", 1, {}, {})


def test_it_knows_the_words_of_each_class(tmp_path: Path) -> None:
    """On classes with words of their own it makes no mistake, in dev nor in test."""
    for split in (Split.DEV, Split.TEST):
        found = score_floor(_pool(), split, cache=tmp_path)
        comments, reviews = found.of("vihsd"), found.of("vispamreviews")

        assert [r.key for r in found.rows] == [r.key for r in _pool().rows[split]]
        for part, label in (
            (comments, Label.ABUSIVE),
            (comments, Label.HATE),
            (reviews, Label.SPAM),
        ):
            assert auc(part.truth(label), part.score(label)) == 1
            assert (part.flag(label) == part.truth(label)).all()


def test_labels_that_nobody_gave_are_not_scored(tmp_path: Path) -> None:
    """What a corpus does not carry is not a number, and not flagged."""
    found = score_floor(_pool(), Split.DEV, cache=tmp_path).of("vispamreviews")

    assert np.isnan(found.score(Label.SCAM)).all()
    assert not np.isnan(found.score(Label.SPAM)).any()
    assert not found.flag(Label.SCAM).any()


def test_hate_is_a_part_of_abusive(tmp_path: Path) -> None:
    """It is never likelier, and never flagged alone."""
    found = score_floor(_pool(), Split.TEST, cache=tmp_path).of("vihsd")

    assert (found.scores[:, HATE] <= found.scores[:, ABUSIVE]).all()
    assert not (found.flags[:, HATE] & ~found.flags[:, ABUSIVE]).any()


def test_it_is_learnt_once(tmp_path: Path) -> None:
    """The second time its scores are read, and are the same."""
    first = score_floor(_pool(), Split.DEV, cache=tmp_path)
    written = {p: p.stat().st_mtime_ns for p in tmp_path.iterdir()}
    again = score_floor(_pool(), Split.DEV, cache=tmp_path)

    assert len(written) == 2
    assert {p: p.stat().st_mtime_ns for p in tmp_path.iterdir()} == written
    assert np.array_equal(first.scores, again.scores, equal_nan=True)
    assert (first.flags == again.flags).all()


def test_other_rows_make_another_floor(tmp_path: Path) -> None:
    """A text or a label that changed is learnt anew; other corpora are kept."""
    pool = _pool()
    score_floor(pool, Split.DEV, cache=tmp_path)
    row = pool.rows[Split.TRAIN][0]
    for other in (
        replace(row, text="khác"),
        replace(row, labels={Label.ABUSIVE: True, Label.HATE: False}),
    ):
        changed = {**pool.rows, Split.TRAIN: [other, *pool.rows[Split.TRAIN][1:]]}
        score_floor(replace(pool, rows=changed), Split.DEV, cache=tmp_path)

    assert len(list(tmp_path.glob("vihsd-*.npz"))) == 3
    assert len(list(tmp_path.glob("vispamreviews-*.npz"))) == 1


def test_what_is_kept_is_no_program(tmp_path: Path) -> None:
    """Files are plain arrays, read without pickle, and nothing half-written is left."""
    score_floor(_pool(), Split.DEV, cache=tmp_path)

    assert {p.suffix for p in tmp_path.iterdir()} == {".npz"}
    for path in tmp_path.iterdir():
        with np.load(path, allow_pickle=False) as found:
            assert {found[name].dtype.kind for name in found} == {"f", "b"}


@pytest.mark.parametrize("n", [0, 1])
def test_too_little_to_learn_from_is_no_score(tmp_path: Path, n: int) -> None:
    """Without rows of two classes nothing is said, rather than anything."""
    found = score_floor(_pool(n), Split.DEV, cache=tmp_path)

    assert np.isnan(found.scores).all()
    assert not found.flags.any()
