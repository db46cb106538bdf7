"""What is in a corpus is counted, and what is odd about it is said."""

from datetime import UTC, datetime

from kiemtin.labels import Label
from tests.fixtures.published import published_corpora
from tests.training.auditing.conftest import MakePool, MakeRow
from training.auditing.contents import Contents, describe_contents, findings
from training.auditing.pool import Audited, Severity
from training.corpora import read_corpus
from training.corpora.row import Row, SetAside

TEXT = "Hôm nay trời đẹp quá"


def _said(pool: Audited) -> list[str]:
    return [f.sentence for f in findings(describe_contents(pool, seed=0))]


def test_counts_by_file(make_pool: MakePool, make_row: MakeRow) -> None:
    """Each file has its rows, classes and label shares, and what was set aside."""
    rows = [
        make_row("a", "0", row_id="train:1"),
        make_row("b", "1", row_id="train:2"),
        make_row("c", "1", row_id="dev:1"),
    ]
    aside = [SetAside("vihsd", "dev.csv", 3, "empty text")]

    (corpus,) = describe_contents(make_pool(rows, set_aside=aside), seed=0).corpora
    train, dev = corpus.files

    assert (train.file, train.published, train.n_rows) == ("train", "train", 2)
    assert train.classes == {"0": 1, "1": 1}
    assert train.labels[Label.ABUSIVE].share == 0.5
    assert dev.set_aside == {"empty text": 1}
    assert (corpus.n_rows, corpus.n_set_aside) == (3, 1)


def test_a_corpus_of_nothing_but_broken_records(make_pool: MakePool) -> None:
    """A corpus without a row is listed, with what was set aside."""
    aside = [SetAside("vihsd", "train.csv", 3, "empty text")]

    section = describe_contents(make_pool([], set_aside=aside), seed=0)

    assert section.corpora[0].texts is None
    assert [f.severity for f in findings(section)] == [Severity.WARN]


def test_what_others_have_is_missing(make_pool: MakePool, make_row: MakeRow) -> None:
    """A field is missing where it is absent or empty, and other rows have it."""
    rows = [
        make_row("a", time=datetime(2020, 2, 1, tzinfo=UTC), groups={"title": "t"}),
        make_row("b", groups={"title": ""}, facets={"rating": "5"}),
    ]

    (corpus,) = describe_contents(make_pool(rows), seed=0).corpora

    assert corpus.missing == {"time": 1, "group title": 1, "facet rating": 1}


def test_ordinary_corpus_has_nothing_to_say(
    make_pool: MakePool, make_row: MakeRow
) -> None:
    """A corpus of two even classes, written alike, gives no finding."""
    rows = [make_row(f"{TEXT} {i}", str(i % 2)) for i in range(300)]

    assert _said(make_pool(rows)) == []


def test_a_class_that_is_typed_otherwise(
    make_pool: MakePool, make_row: MakeRow
) -> None:
    """A class without diacritics is said, with the figures of both."""
    rows = [make_row(f"{TEXT} {i}", "0") for i in range(200)]
    rows += [make_row(f"Hom nay troi dep qua {i}", "1") for i in range(200)]

    assert _said(make_pool(rows)) == [
        "50.0 % of the texts are without diacritics",
        "100.0 % of class 1 are without diacritics, 0.0 % of class 0",
    ]


def test_a_text_that_is_hardly_one(make_pool: MakePool, make_row: MakeRow) -> None:
    """A text far longer than the others is said, so that somebody looks at it."""
    rows = [make_row(f"{TEXT} {i}", str(i % 2)) for i in range(300)]
    rows.append(make_row(" ".join([TEXT] * 50), "1"))

    assert _said(make_pool(rows)) == [
        "the longest text has 250 syllables, 50 times the 99th percentile"
    ]


def test_a_rare_class_and_long_texts(make_pool: MakePool, make_row: MakeRow) -> None:
    """A class that is rare and texts longer than a window are said."""
    rows = [make_row(" ".join([TEXT] * 60) + str(i), "0") for i in range(99)]
    rows.append(make_row(" ".join([TEXT] * 60), "1"))

    assert _said(make_pool(rows)) == [
        "only 1.0 % of the rows (1) are of class 1",
        "100.0 % of the texts are over 256 syllables",
    ]


def test_no_text_is_in_it(make_pool: MakePool, make_row: MakeRow) -> None:
    """The section is figures only."""
    section = describe_contents(make_pool([make_row("bí mật")]), seed=0)

    assert "mật" not in section.model_dump_json()
    assert Contents.model_validate_json(section.model_dump_json()) == section


def test_smishing_as_published(make_pool: MakePool) -> None:
    """Half of the published text messages are found to be without diacritics."""
    root = published_corpora()
    rows = [r for r in read_corpus("ie403_smishing", root) if isinstance(r, Row)]

    (sentence,) = _said(make_pool(rows))

    assert sentence == "53.8 % of the texts are without diacritics"
