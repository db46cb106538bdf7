"""Every corpus has a reader, a source, and an error that helps."""

from pathlib import Path

import pytest

from kiemtin.labels import Label
from tests.fixtures.published import published_corpora
from tests.fixtures.reading import sort
from training.corpora import CORPORA, Head, read_corpus
from training.corpora.sources import read_sources, where_to_get
from training.errors import CorpusMissingError


def test_unknown_corpus_is_refused(tmp_path: Path) -> None:
    """A misspelt name is answered with the names that there are."""
    with pytest.raises(CorpusMissingError, match=r"no corpus 'vihds'.*reintel, vihsd"):
        sort(read_corpus("vihds", tmp_path))


@pytest.mark.parametrize("name", sorted(CORPORA.keys() - {"samples"}))
def test_missing_corpus_says_where_to_get_it(name: str, tmp_path: Path) -> None:
    """The error names the file that is missing and where the corpus comes from."""
    with pytest.raises(CorpusMissingError) as e:
        sort(read_corpus(name, tmp_path))

    assert str(tmp_path / name / read_sources()[name].files[0].name) in str(e.value)
    assert where_to_get(name) in str(e.value)


def test_every_corpus_has_a_source() -> None:
    """Nothing is read whose terms, meaning and bias nobody wrote down."""
    assert set(read_sources()) == set(CORPORA)


@pytest.mark.parametrize("name", CORPORA)
def test_published_corpus_is_read_as_its_source_says(name: str) -> None:
    """On the published files the label map is the documented one, and 1 % or less is lost."""
    source = read_sources()[name]

    rows, aside = sort(read_corpus(name, published_corpora()))

    assert len(aside) <= 0.01 * len(rows)
    assert len({r.row_id for r in rows}) == len(rows)
    for row in rows:
        if row.head in (Head.PROTECTED, Head.HIGHLIGHTS, Head.TARGETS, Head.CLAIM):
            assert row.labels == {}
        elif row.head is Head.EVERY:
            assert row.labels.keys() == set(Label)
        else:
            positive = tuple(x for x, yes in row.labels.items() if yes)
            assert positive == source.labels[row.source_label]
