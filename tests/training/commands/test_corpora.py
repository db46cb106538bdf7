"""``kiemtin data list`` and ``fetch``, as people type them."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from kiemtin.errors import KiemtinError
from tests.fixtures.file_server import Site, serving_files
from tests.fixtures.published import published_corpora
from training.commands.corpora import app
from training.corpora import sources
from training.errors import (
    CorpusMissingError,
    DigestError,
    SourcesError,
)

CONTENT = b"text,label\nxin,0\n"

Run = Callable[..., Result]


def table(name: str, files: str, more: str = "") -> str:
    """Return the table of a source."""
    return f"""
[{name}]
title = "A title"
licence = "MIT"
permission = "redistributable"
head = "harm"
use = "tests"
meaning = "nothing"
bias = "all"
{more}
{files}
[{name}.labels]
0 = []
"""


@pytest.fixture
def site() -> Iterator[Site]:
    """A web server of the test's own."""
    with serving_files() as site:
        yield site


@pytest.fixture
def run(site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run the command on three sources: one there, one missing, one by hand."""
    text = (
        table("one", f'[[one.files]]\nname = "a.csv"\nurl = "{site.address}/a.csv"')
        + table("two", f'[[two.files]]\nname = "b.csv"\nurl = "{site.address}/b.csv"')
        + table("three", '[[three.files]]\nname = "c.csv"', 'by_hand = "ask us"')
    )
    path = tmp_path / "sources.toml"
    path.write_text(text)
    monkeypatch.setattr(sources, "SOURCES_FILE", path)
    site.publish("a.csv", CONTENT)

    def run(*args: str | Path) -> Result:
        to = ["--to", str(tmp_path / "raw")]
        return CliRunner().invoke(app, [str(args[0]), *to, *map(str, args[1:])])

    return run


def error_of(result: Result) -> KiemtinError:
    """Return the error that the command ends with, which makes its status 2."""
    assert isinstance(result.exception, KiemtinError)
    return result.exception


def test_fetch_says_a_line_for_each_file(run: Run, tmp_path: Path) -> None:
    """Away from a terminal a file that came is one line, with its digest."""
    result = run("fetch", "one")

    assert result.exit_code == 0
    (line,) = result.output.splitlines()
    assert line.startswith("one/a.csv: fetched, 17 bytes, sha256 ")
    assert line.endswith("trusted from now on, as none is published")
    assert (tmp_path / "raw/one/a.csv").read_bytes() == CONTENT


def test_fetch_twice(run: Run, site: Site) -> None:
    """The second time there is nothing to do."""
    run("fetch", "one")

    assert "already here" in run("fetch", "one").stdout
    assert len(site.asked) == 1


def test_others_are_fetched_after_a_failure(run: Run) -> None:
    """One corpus that fails costs only itself, and is named at the end."""
    result = run("fetch", "two", "one")

    assert "one/a.csv: fetched" in result.stdout
    assert "two: fetch:" in result.stderr
    assert str(error_of(result)) == "1 of 2 corpora failed: two"


def test_all_corpora(run: Run) -> None:
    """--all tries every corpus, and says of each that failed why."""
    result = run("fetch", "--all")

    assert "404 Not Found" in result.stderr
    assert "three/c.csv has no address. Get it by hand: ask us." in result.stderr
    assert str(error_of(result)) == "2 of 3 corpora failed: two, three"


def test_single_failure_keeps_its_code(run: Run, tmp_path: Path) -> None:
    """If one corpus was asked for, its own error ends the command."""
    run("fetch", "one")
    path = tmp_path / "raw/one/a.csv"
    path.chmod(0o644)
    path.write_bytes(b"edited")

    assert isinstance(error_of(run("fetch", "one")), DigestError)


def test_fetch_from_a_folder(run: Run, tmp_path: Path) -> None:
    """--from takes what has no address."""
    (tmp_path / "c.csv").write_bytes(CONTENT)

    result = run("fetch", "three", "--from", tmp_path)

    assert "three/c.csv: copied, 17 bytes" in result.stdout


def test_unknown_corpus(run: Run, site: Site) -> None:
    """A misspelt name is answered with those there are, before anything is fetched."""
    error = error_of(run("fetch", "one", "tow"))

    assert isinstance(error, CorpusMissingError)
    assert str(error) == "no corpus 'tow'; there are one, two, three"
    assert site.asked == []


@pytest.mark.parametrize("args", [[], ["--all", "one"]])
def test_corpora_must_be_named(args: list[str], run: Run) -> None:
    """Nothing is fetched by mistake: it takes names, or --all, and not both."""
    result = run("fetch", *args)

    assert result.exit_code == 2
    assert "name corpora, or say --all" in result.output


def test_nothing_to_read(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the checkout it is said what is missing."""
    monkeypatch.setattr(sources, "SOURCES_FILE", tmp_path / "no.toml")

    assert isinstance(error_of(run("list")), SourcesError)


def test_list_is_a_table(run: Run) -> None:
    """Of each corpus it says the terms, how much is here and how to get the rest."""
    run("fetch", "one")

    lines = [x.split() for x in run("list").stdout.splitlines()]

    assert lines[1] == ["one", "harm", "redistributable", "MIT", "1", "of", "1"]
    assert lines[2][-4:] == ["0", "of", "1", "fetch"]
    assert lines[3][-5:] == ["0", "of", "1", "by", "hand"]


def test_list_is_json(run: Run) -> None:
    """Programs get every file with its size, or null for one that is missing."""
    run("fetch", "one")

    listed = {x["corpus"]: x for x in json.loads(run("list", "--json").stdout)}

    assert listed["one"]["files"] == [
        {"name": "a.csv", "n_bytes": 17, "has_address": True}
    ]
    assert listed["three"]["files"] == [
        {"name": "c.csv", "n_bytes": None, "has_address": False}
    ]
    assert listed["one"]["permission"] == "redistributable"


def test_samples_are_not_fetched(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What comes with the checkout is listed, but no part of --all."""
    text = table("samples", '[[samples.files]]\nname = "a"', 'by_hand = "here"')
    path = tmp_path / "ours.toml"
    path.write_text(text)
    monkeypatch.setattr(sources, "SOURCES_FILE", path)

    result = run("fetch", "--all")

    assert result.exit_code == 0
    assert result.stdout == ""


def test_published_corpora_are_taken(tmp_path: Path) -> None:
    """A folder laid out as the readers expect gives every corpus, ready to be read."""
    to = tmp_path / "raw"
    args = ["fetch", "--all", "--to", str(to), "--from", str(published_corpora())]

    result = CliRunner().invoke(app, args)

    assert result.exit_code == 0, result.stderr
    for name, source in sources.read_sources().items():
        if name != "samples":
            assert {p.name for p in (to / name).iterdir()} == {
                f.name for f in source.files
            }
