"""What tests and is known from training is counted."""

from tests.fixtures.published import published_corpora
from tests.training.auditing.conftest import MakePool, MakeRow
from training.auditing.leaks import find_leaks, findings
from training.auditing.pool import Severity
from training.corpora import read_corpus
from training.corpora.row import Row


def test_copies_in_published_splits(make_pool: MakePool, make_row: MakeRow) -> None:
    """Rows of dev and test that stand in the train file of their corpus are counted."""
    rows = [
        make_row("a", row_id="train:1"),
        make_row("a", row_id="dev:1"),
        make_row("a!", row_id="dev:2"),
        make_row("b", row_id="dev:3"),
        make_row("b", row_id="test:1"),
    ]

    dev, test = find_leaks(make_pool(rows), seed=0).published

    assert (dev.split, dev.n_rows, dev.n_equal, dev.n_near) == ("dev", 3, 1, 2)
    assert (test.split, test.n_rows, test.n_equal, test.n_near) == ("test", 1, 0, 0)


def test_train_of_another_corpus_is_none_of_its_own(
    make_pool: MakePool, make_row: MakeRow
) -> None:
    """Published splits are held against themselves; ours are one for all corpora."""
    rows = [
        make_row("a", corpus="one", row_id="train:1"),
        make_row("b", corpus="two", row_id="train:1"),
        make_row("a", corpus="two", row_id="test:1"),
    ]

    section = find_leaks(make_pool(rows, ["train", "train", "test"]), seed=0)

    assert [leak.n_equal for leak in section.published] == [0]
    assert [leak.n_equal for leak in section.ours] == [1]


def test_a_corpus_of_one_file_has_no_published_splits(
    make_pool: MakePool, make_row: MakeRow
) -> None:
    """Without a train file there is nothing to leak from."""
    rows = [make_row("a", row_id="all:1"), make_row("a", row_id="dev:1")]

    assert find_leaks(make_pool(rows), seed=0).published == ()


def test_shared_groups_are_counted_by_kind(
    make_pool: MakePool, make_row: MakeRow
) -> None:
    """Rows that share a url with train are counted; an empty one is no group."""
    rows = [
        make_row("a", groups={"url": "u"}),
        make_row("b", groups={"url": ""}),
        make_row("c", row_id="test:1", groups={"url": "u"}),
        make_row("d", row_id="test:2", groups={"url": "v"}),
        make_row("e", row_id="test:3", groups={"url": ""}),
        make_row("f", row_id="test:4"),
    ]
    section = find_leaks(make_pool(rows), seed=0)

    (test,) = section.published

    assert test.groups == {"url": 1}
    assert [f.sentence for f in findings(section)] == [
        "25.0 % of the published test rows share their url with train"
    ]


def test_a_copy_in_our_train_is_bad(make_pool: MakePool, make_row: MakeRow) -> None:
    """A single row that leaks in our splits is said, protected speech included."""
    rows = [make_row("a"), make_row("a!", corpus="protected_speech")]

    found = findings(find_leaks(make_pool(rows, ["train", "protected_test"]), seed=0))

    assert [(f.severity, f.sentence) for f in found] == [
        (Severity.BAD, "1 of our protected_test rows are in our train, too")
    ]


def test_that_nothing_leaks_is_said(make_pool: MakePool, make_row: MakeRow) -> None:
    """Who reads the audit learns that our splits were looked at."""
    rows = [make_row("a"), make_row("b"), make_row("a!")]

    found = findings(find_leaks(make_pool(rows, ["train", "test", "held_out"]), seed=0))

    assert [(f.severity, f.sentence) for f in found] == [
        (
            Severity.INFO,
            "none of the 1 rows that test in our splits has a copy in train",
        )
    ]


def test_vifactcheck_as_published(make_pool: MakePool) -> None:
    """That nearly all test rows use an article of train is found."""
    root = published_corpora()
    rows = [r for r in read_corpus("vifactcheck", root) if isinstance(r, Row)]

    found = findings(find_leaks(make_pool(rows), seed=0))

    assert (
        Severity.BAD,
        "98.8 % of the published test rows share their url with train",
    ) in [(f.severity, f.sentence) for f in found]
