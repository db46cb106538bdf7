"""Every corpus has a reader, a source, and an error that helps."""

from pathlib import Path

import pytest

from kiemtin.labels import Label
from tests.fixtures.published import published_corpora
from training.corpora import CORPORA, read_corpus
from training.corpora.sources import read_sources
from training.errors import CorpusMissingError


def test_unknown_corpus_is_refused(tmp_path: Path) -> None:
    """A misspelt name is answered with the names that there are."""
    with pytest.raises(CorpusMissingError, match=r"no corpus 'vihds'.*reintel, vihsd"):
        read_corpus("vihds", tmp_path)


@pytest.mark.parametrize("name", CORPORA)
def test_missing_corpus_says_where_to_get_it(name: str, tmp_path: Path) -> None:
    """The error names the file that is missing and where the corpus comes from."""
    source = read_sources()[name]

    with pytest.raises(CorpusMissingError) as e:
        read_corpus(name, tmp_path)

    assert str(tmp_path / name / source["files"][0]) in str(e.value)
    assert source["url"] in str(e.value)


def test_sources_may_be_left_behind(tmp_path: Path) -> None:
    """Installed from a wheel, without data/, there are simply no sources."""
    assert read_sources(tmp_path / "sources.toml") == {}


def test_every_corpus_has_a_source() -> None:
    """Nothing is read whose terms, meaning and bias nobody wrote down."""
    sources = read_sources()

    assert set(sources) == set(CORPORA)
    for source in sources.values():
        assert all(source[k] for k in ("title", "url", "licence", "meaning", "bias"))


@pytest.mark.parametrize("name", CORPORA)
def test_published_corpus_is_read_as_its_source_says(name: str) -> None:
    """On the published files the label map is the documented one, and 1 % or less is lost."""
    label_map = read_sources()[name]["labels"]

    rows, aside = read_corpus(name, published_corpora())

    assert len(aside) <= 0.01 * len(rows)
    assert len({r.row_id for r in rows}) == len(rows)
    for row in rows:
        positive = {x for x, yes in row.labels.items() if yes}
        assert positive == {Label(x) for x in label_map[row.source_label]}
