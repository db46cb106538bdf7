"""What the sections of the audit look at."""

import pytest

from kiemtin.labels import Label
from tests.training.auditing.conftest import MakePool, MakeRow
from training.auditing.pool import Published, is_marked, published_split
from training.corpora.row import Head, Row, SetAside
from training.evaluation.standalone import percent


@pytest.mark.parametrize(
    ("stem", "split"),
    [
        ("train", Published.TRAIN),
        ("public_train", Published.TRAIN),
        ("ViCTSD_train", Published.TRAIN),
        ("train_gold_evidence", Published.TRAIN),
        ("dev", Published.DEV),
        ("ViCTSD_valid", Published.DEV),
        ("test_gold_evidence", Published.TEST),
        ("dataset_masked", Published.ONE_FILE),
        ("contested", Published.ONE_FILE),
    ],
)
def test_a_file_is_named_after_its_split(stem: str, split: Published) -> None:
    """A published split is read off the words of the name of its file."""
    assert published_split(stem) is split


@pytest.mark.parametrize(
    ("row", "marked"),
    [
        (Row("c", "f:1", "x", Head.HARM, {Label.ABUSIVE: True}), True),
        (Row("c", "f:1", "x", Head.HARM, {Label.ABUSIVE: False}), False),
        (Row("c", "f:1", "x", Head.HIGHLIGHTS, spans=((0, 1),)), True),
        (Row("c", "f:1", "x", Head.HIGHLIGHTS), False),
        (Row("c", "f:1", "x", Head.TARGETS, targets={"groups": 2}), True),
        (Row("c", "f:1", "x", Head.TARGETS, targets={"groups": 1}), False),
        (Row("c", "f:1", "x", Head.PROTECTED), False),
        (Row("c", "f:1", "x", Head.CLAIM, evidence="y"), None),
    ],
)
def test_what_is_marked(row: Row, marked: object) -> None:
    """Corpora of all heads but claims say whether anything is wrong with a row."""
    assert is_marked(row) is marked


def test_a_corpus_without_rows_is_a_corpus(
    make_pool: MakePool, make_row: MakeRow
) -> None:
    """One of which every record was set aside is not forgotten."""
    pool = make_pool([make_row("x")], set_aside=[SetAside("other", "a.csv", 1, "bad")])

    assert pool.corpora == ("vihsd", "other")
    assert len(pool.of("other")) == 0


def test_shares_are_written_in_one_way() -> None:
    """Every finding writes a share in per cent with one digit."""
    assert percent(0.98765) == "98.8 %"
