"""What a bundle says of rows is held against what is known of them."""

from pathlib import Path

import numpy as np

from kiemtin.labels import Label
from kiemtin.schemas import Item
from kiemtin.scoring import Scorer
from training.corpora.row import Head, Row
from training.evaluation.scored import (
    OF_FLAGS,
    OF_SCORES,
    Scored,
    benign,
    figures,
    flagged_shares,
    labels_of,
    score_rows,
    three_classes,
)


def _row(number: int, text: str, **labels: bool) -> Row:
    found = {Label(x): yes for x, yes in labels.items()}
    return Row("vihsd", f"train:{number}", text, Head.HARM, found)


def test_scores_are_those_that_are_served(bundle: Path) -> None:
    """A row is scored as a request is, and one that is refused is left out."""
    scorer = Scorer.load(bundle)
    rows = [_row(0, "mày là đồ ngu"), _row(1, "  "), _row(2, "trời đẹp quá")]

    found = score_rows(scorer, rows)

    assert [r.row_id for r in found.rows] == ["train:0", "train:2"]
    for i, row in enumerate(found.rows):
        served = scorer.score(Item("x", row.text))
        assert dict(zip(Label, found.scores[i], strict=True)) == served.scores
        assert dict(zip(Label, found.flags[i], strict=True)) == served.flagged


def test_no_rows_are_no_scores(bundle: Path) -> None:
    """Of nothing the shapes are right and there is no figure."""
    found = score_rows(Scorer.load(bundle), [])

    assert found.scores.shape == found.flags.shape == (0, len(Label))
    assert figures(found) == {}
    assert flagged_shares(found, found) == {"protected_speech": {}, "other_benign": {}}


def test_each_corpus_and_label_has_every_figure(scored: Scored) -> None:
    """Figures are of labels that the corpus carries, with intervals that hold them."""
    found = figures(scored)
    names = {*OF_SCORES, *OF_FLAGS}

    assert set(found["reintel"]) == {f"unreliable.{n}" for n in names}
    assert set(found["vihsd"]) == {
        *(f"{x}.{n}" for x in ("abusive", "hate") for n in names),
        "three_classes.macro_f1",
    }
    for figure in (f for named in found.values() for f in named.values()):
        assert figure.low <= figure.high
        assert figure.rows == 240


def test_a_label_that_all_rows_have_is_not_measured(scored: Scored) -> None:
    """Of one class alone no figure tells anything."""
    part = scored.of("reintel")
    positive = part.pick(np.flatnonzero(part.truth(Label.UNRELIABLE)).tolist())

    assert labels_of(positive) == []
    assert figures(positive) == {}


def test_the_worse_class_is_read_first() -> None:
    """Hate is read where it is flagged, else offensive, else clean."""
    rows = [_row(i, "x", abusive=i > 0, hate=i > 1) for i in range(3)]
    flags = np.zeros((3, len(Label)), dtype=bool)
    flags[1, 1] = flags[2, 1] = flags[2, 2] = True

    truth, said = three_classes(Scored(rows, np.zeros(flags.shape), flags))

    assert truth.tolist() == said.tolist() == [0, 1, 2]


def test_benign_is_what_nobody_objected_to(scored: Scored) -> None:
    """Rows without any label that is true are benign, and rows without labels are not."""
    found = benign(scored)

    assert len(found.rows) == 180 + 160
    assert not any(any(r.labels.values()) for r in found.rows)
    unknown = Scored([_row(1, "x")], np.zeros((1, 5)), np.zeros((1, 5), dtype=bool))
    assert benign(unknown).rows == []


def test_picked_rows_keep_their_scores(scored: Scored) -> None:
    """Rows are picked with what was said of them, in the order that was asked for."""
    found = scored.pick([7, 3])

    assert [r.row_id for r in found.rows] == ["public_train:7", "public_train:3"]
    assert (found.scores == scored.scores[[7, 3]]).all()
    assert (found.flags == scored.flags[[7, 3]]).all()
