"""Copies are counted within a corpus and across."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fixtures.published import published_corpora
from tests.training.auditing.conftest import MakePool, MakeRow
from training.auditing.copies import find_copies, findings
from training.auditing.pool import Audited, Severity
from training.corpora import read_corpus
from training.corpora.row import Head, Row
from training.pool import equal_texts


def test_copies_within(make_pool: MakePool, make_row: MakeRow) -> None:
    """A row that repeats an earlier one is counted, as equal and as near."""
    rows = [make_row(t) for t in ("a", "a", "a!", "b")]

    (within,) = find_copies(make_pool(rows), seed=0).within

    assert (within.n_equal, within.n_near) == (1, 2)
    assert (within.equal, within.near) == (0.25, 0.5)


def test_the_matrix_is_read_by_rows(make_pool: MakePool, make_row: MakeRow) -> None:
    """The share is of the corpus of the row: a small one may lie wholly in a large one."""
    rows = [make_row(t, corpus="large") for t in "abcd"]
    rows += [make_row(t, corpus="small") for t in ("a", "b!")]

    across = find_copies(make_pool(rows), seed=0).across

    assert across.corpora == ("large", "small")
    assert across.equal == ((0.0, 0.25), (0.5, 0.0))
    assert across.near == ((0.0, 0.5), (1.0, 0.0))


def test_the_diagonal_is_of_other_rows(make_pool: MakePool, make_row: MakeRow) -> None:
    """A row is no copy of itself; both rows of a pair are copies of another."""
    rows = [make_row(t) for t in ("a", "a", "b", "c")]

    assert find_copies(make_pool(rows), seed=0).across.equal == ((0.5,),)


def test_one_set_in_two_coats_is_bad(make_pool: MakePool, make_row: MakeRow) -> None:
    """A corpus that lies in another is the worst there is, with its figures."""
    rows = [make_row(str(i), corpus="large") for i in range(100)]
    rows += [make_row(str(i), corpus="small") for i in range(3)]

    found = findings(find_copies(make_pool(rows), seed=0))

    assert [(f.severity, f.corpus, f.sentence) for f in found] == [
        (
            Severity.BAD,
            "small",
            "100.0 % of the rows are in large too, 100.0 % word for word",
        )
    ]


def test_no_copies_no_findings(make_pool: MakePool, make_row: MakeRow) -> None:
    """Where every text is another there is nothing to say."""
    rows = [make_row(str(i), corpus=f"c{i % 3}") for i in range(90)]

    assert findings(find_copies(make_pool(rows), seed=0)) == []


def test_the_largest_clusters_name_no_text(
    make_pool: MakePool, make_row: MakeRow
) -> None:
    """A large cluster is told by the key of a row, its corpora and its classes."""
    rows = [make_row("bí mật" + "!" * (i % 2), str(i % 3 // 2)) for i in range(12)]
    section = find_copies(make_pool(rows), seed=0)

    (cluster,) = section.largest

    assert (cluster.first, cluster.n_rows, cluster.n_equal_texts) == (
        rows[0].key,
        12,
        2,
    )
    assert cluster.classes == {"vihsd 0": 8, "vihsd 1": 4}
    assert "mật" not in section.model_dump_json()


@given(st.lists(st.tuples(st.sampled_from("xyz"), st.sampled_from("abcdef"))))
def test_near_is_never_less_than_equal(rows: list[tuple[str, str]]) -> None:
    """Equal texts are nearly equal, and who lies in another lies there in both ways."""
    texts = [t for _, t in rows]
    equal = np.array([texts.index(t) for t in texts], dtype=np.int64)
    keys = [ord(t) // 2 for t in texts]
    near = np.array([keys.index(k) for k in keys], dtype=np.int64)
    made = [Row(c, f"f:{i}", t, Head.HARM) for i, (c, t) in enumerate(rows)]

    section = find_copies(Audited(made, [], near, equal, [""] * len(rows)), seed=0)

    assert all(w.n_near >= w.n_equal for w in section.within)
    for equal_line, near_line in zip(
        section.across.equal, section.across.near, strict=True
    ):
        assert all(n >= e for e, n in zip(equal_line, near_line, strict=True))
    mutual = np.array(section.across.near) > 0
    assert (mutual == mutual.T).all()


@pytest.mark.parametrize("corpus", ["vihos", "vithsd"])
def test_harm_sets_as_published(corpus: str) -> None:
    """That most of ViHOS and ViTHSD lies in ViHSD is found."""
    root = published_corpora()
    rows = [
        r for c in ("vihsd", corpus) for r in read_corpus(c, root) if isinstance(r, Row)
    ]
    equal = equal_texts([r.text for r in rows])
    pool = Audited(rows, [], equal, equal, ["train"] * len(rows))

    bad = [f for f in findings(find_copies(pool, seed=0)) if f.severity is Severity.BAD]

    assert [f.corpus for f in bad] == [corpus]
    assert "of the rows are in vihsd too" in bad[0].sentence
