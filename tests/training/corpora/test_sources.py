"""What is said of each corpus is complete, true to its form, and not guessed."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from kiemtin.labels import Label
from training.corpora.row import Head
from training.corpora.sources import (
    SOURCES_FILE,
    Permission,
    Source,
    read_sources,
    where_to_get,
)
from training.errors import SourcesError

SOURCES = read_sources()

SMALL = """\
[small]
title = "Small"
licence = "MIT"
permission = "redistributable"
head = "harm"
use = "tests"
meaning = "nothing"
bias = "all"
[[small.files]]
name = "train.csv"
url = "https://example.org/train.csv"
[small.labels]
0 = []
1 = ["abusive"]
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A file with one source."""
    path = tmp_path / "sources.toml"
    path.write_text(SMALL)
    return path


def test_small_file_is_read(path: Path) -> None:
    """A source is a table, and its label map gives labels of ours."""
    (source,) = read_sources(path).values()

    assert source.files[0].name == "train.csv"
    assert source.labels == {"0": (), "1": (Label.ABUSIVE,)}
    assert source.verified


def test_file_may_be_left_behind(tmp_path: Path) -> None:
    """Installed from a wheel, without data/, there are simply no sources."""
    assert read_sources(tmp_path / "sources.toml") == {}


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("[small]", "[small", "Expected ']'"),
        ('title = "Small"', "", r"small\.title: Field required"),
        ('title = "Small"', 'title = ""', r"small\.title: .*at least 1"),
        ('bias = "all"', 'bias = "all"\nsize = 3', r"small\.size: Extra inputs"),
        ('"redistributable"', '"yes"', r"small\.permission: .*'research'"),
        ('"harm"', '"harms"', r"small\.head"),
        ('["abusive"]', '["rude"]', r"small\.labels\.1"),
        ("https://example.org/train.csv", "train.csv", r"small\.files\.0\.url"),
        ('"train.csv"', '"../train.csv"', r"small\.files\.0\.name"),
        ('"train.csv"', '".hidden"', r"small\.files\.0\.name"),
        ("[small.labels]", 'sha256 = "12"\n[small.labels]', r"files\.0\.sha256"),
        ('url = "https://example.org/train.csv"', "", "no by_hand says what to do"),
        (
            'url = "https://example.org/train.csv"',
            'member = "a"',
            "is a member of no archive",
        ),
        (
            "[small.labels]",
            '[[small.files]]\nname = "train.csv"\n[small.labels]',
            "named twice",
        ),
    ],
)
def test_wrong_table_is_refused(old: str, new: str, message: str, path: Path) -> None:
    """An error names the file and the key that is wrong."""
    path.write_text(SMALL.replace(old, new))

    with pytest.raises(SourcesError, match=rf"{path}: .*{message}"):
        read_sources(path)


def test_sources_do_not_change() -> None:
    """What was read stays as it was read."""
    source = SOURCES["vihsd"]

    with pytest.raises(ValidationError, match="frozen"):
        source.licence = "MIT"  # type: ignore[misc]


def test_corpora_that_are_known() -> None:
    """Every corpus of the project has its table, our own samples too."""
    assert set(SOURCES) == {
        "ie403_smishing",
        "protected_speech",
        "reintel",
        "safesense",
        "samples",
        "victsd",
        "vifactcheck",
        "vihos",
        "vihsd",
        "visnli",
        "vispamreviews",
        "vithsd",
        "vlsp2019_hsd",
    }


@pytest.mark.parametrize("name", SOURCES)
def test_address_stays_the_same(name: str) -> None:
    """An address is https, names a commit, and was seen on a page of the authors."""
    for file in SOURCES[name].files:
        if file.url:
            assert SOURCES[name].verified
            assert file.url.startswith("https://")
            assert any(len(x) == 40 for x in file.url.split("/"))


@pytest.mark.parametrize("name", SOURCES)
def test_permission_follows_the_licence(name: str) -> None:
    """Only a licence that lets rows be passed on makes them so; a note may be stricter."""
    source = SOURCES[name]
    allowed = {
        "MIT": Permission.REDISTRIBUTABLE,
        "CC BY-SA 4.0": Permission.REDISTRIBUTABLE,
        "CC0-1.0": Permission.REDISTRIBUTABLE,
        "research only": Permission.RESEARCH,
        "none stated": Permission.UNSTATED,
        "as its sources": Permission.UNSTATED,
    }

    order = list(Permission)
    stated, taken = (
        order.index(x) for x in (allowed[source.licence], source.permission)
    )
    assert taken == stated or (taken > stated and source.licence_note)


@pytest.mark.parametrize("name", SOURCES)
def test_label_map_fits_the_head(name: str) -> None:
    """A head of the classifier gets labels; a claim, a span or a target gets words."""
    source = SOURCES[name]
    in_words = {Head.HIGHLIGHTS, Head.TARGETS, Head.CLAIM}

    kinds = {type(x) for x in source.labels.values()}

    assert kinds == ({str} if source.head in in_words else {tuple})


def test_protected_speech_has_no_harm() -> None:
    """The slice on which every model is measured knows one class, and it is benign."""
    assert SOURCES["protected_speech"].head is Head.PROTECTED
    assert SOURCES["protected_speech"].labels == {"benign": ()}


@pytest.mark.parametrize("name", SOURCES)
def test_everybody_is_sent_somewhere(name: str) -> None:
    """Who misses a corpus is told the command that gets it, or what to do by hand."""
    phrase = where_to_get(name)
    source = SOURCES[name]

    assert (f"kiemtin data fetch {name}" in phrase) == all(f.url for f in source.files)
    assert (source.homepage or source.by_hand or "") in phrase


def test_unknown_corpus_is_sent_to_the_file() -> None:
    """Of a corpus without a table, or without data/ at hand, the file is named."""
    assert "data/sources.toml" in where_to_get("vihds")


def test_no_source_is_empty() -> None:
    """The file that is read is the one that is tracked."""
    assert SOURCES_FILE.is_file()
    assert all(isinstance(s, Source) for s in SOURCES.values())
