"""Labels that were flipped are ranked first, by a model that never saw them."""

from dataclasses import replace

import pytest

from tests.fixtures.planted import (
    ABUSIVE,
    CLEAN,
    null_rows,
    plain_rows,
    pool_of,
    published_pool,
)
from tests.fixtures.published import published_corpora
from training.auditing.label_errors import (
    MAX_SUSPECTS,
    NOTE,
    LabelErrors,
    find_label_errors,
    findings,
)
from training.corpora.row import Head, Row

FLIPPED = range(0, 600, 30)


def _flip(row: Row) -> Row:
    bad = row.source_label == "0"
    labels = ABUSIVE if bad else CLEAN
    return replace(row, labels=dict(labels), source_label=str(int(bad)))


def _flipped() -> list[Row]:
    return [_flip(r) if i in FLIPPED else r for i, r in enumerate(plain_rows())]


def test_flipped_labels_come_first() -> None:
    """Of twenty flipped labels most are on the list, and nothing is above them."""
    rows = _flipped()

    (found,) = find_label_errors(pool_of(rows), seed=1).corpora

    expected = {rows[i].key for i in FLIPPED}
    listed = [s.key for s in found.suspects]
    assert len(expected & set(listed)) > 12
    assert set(listed[:12]) <= expected
    assert found.share == pytest.approx(20 / 600, abs=0.02)
    assert all(s.given != s.suggested for s in found.suspects)


def test_honest_pool_has_few_suspects() -> None:
    """Where words make the label, hardly a row is doubted."""
    (found,) = find_label_errors(pool_of(plain_rows()), seed=1).corpora

    assert found.share < 0.01
    assert found.macro_f1.value > 0.95


def test_copies_are_one_question() -> None:
    """Ten copies of a flipped row stand on the list once, and are counted ten times."""
    rows = _flipped()
    copies = [
        replace(rows[0], row_id=f"train:c{k}", text=f"{rows[0].text} {k}")
        for k in range(9)
    ]
    clusters = [*range(len(rows)), *[0] * 9]

    (found,) = find_label_errors(pool_of([*rows, *copies], clusters), seed=1).corpora

    texts = [s.text for s in found.suspects if s.text.startswith(rows[0].text)]
    assert len(texts) == 1
    assert found.n_flagged >= len(found.suspects) + 9


def test_list_has_an_end() -> None:
    """Where labels are noise, the list stops where a person would."""
    (found,) = find_label_errors(pool_of(null_rows(n=1500, rate=0.5)), seed=1).corpora

    assert len(found.suspects) == MAX_SUSPECTS < found.n_flagged
    assert 0.4 < found.macro_f1.value < 0.6


def test_json_quotes_nobody() -> None:
    """The text of a suspect is for people; what is saved names the row only."""
    section = find_label_errors(pool_of(_flipped()), seed=1)

    (found,) = section.corpora
    saved = section.model_dump_json()
    assert found.suspects[0].text
    assert all(s.text not in saved for s in found.suspects)
    assert LabelErrors.model_validate_json(saved).corpora[0].share == found.share


def test_list_is_no_correction() -> None:
    """The section says of itself that nothing is relabelled, and that it may be wrong."""
    section = find_label_errors(pool_of(_flipped()), seed=1)

    assert section.note == NOTE
    assert "not a correction" in NOTE
    (finding,) = findings(section)
    assert "in doubt" in finding.sentence


def test_split_of_a_suspect_is_named() -> None:
    """Who goes through the list sees what trains and what tests."""
    pool = pool_of(_flipped())
    tested = replace(pool, splits=["test"] * len(pool.rows))

    (found,) = find_label_errors(tested, seed=1).corpora

    assert {s.split for s in found.suspects} == {"test"}


def test_claims_are_skipped() -> None:
    """A model of words is not asked about pairs, and the section says why."""
    rows = [
        replace(r, head=Head.CLAIM, labels={}, evidence="b") for r in null_rows(n=300)
    ]

    section = find_label_errors(pool_of(rows), seed=1)

    assert section.corpora == ()
    assert "evidence" in section.skipped[0].reason


@pytest.mark.slow
def test_reintel_has_a_list() -> None:
    """The model is as good as is known, so its list is worth an afternoon."""
    pool = published_pool(published_corpora(), "reintel")

    (found,) = find_label_errors(pool, seed=1).corpora

    assert found.macro_f1.value > 0.75
    assert 0.02 < found.share < 0.15
    assert len(found.suspects) > 100
