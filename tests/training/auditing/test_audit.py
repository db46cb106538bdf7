"""The audit as a whole: every section, in files for people and for programs."""

import csv
import json
from pathlib import Path

import pytest

from tests.training.auditing.conftest import EVIL
from training.auditing.audit import (
    AUDIT_FILE,
    PAGE_FILE,
    SUSPECTS_FILE,
    write_audit,
    write_suspects,
)
from training.auditing.pool import Severity
from training.auditing.sections import PARTS, Audit


@pytest.fixture(scope="module")
def folder(audited: Audit, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What is written of an audit."""
    return write_audit(audited, tmp_path_factory.mktemp("audit") / "new").parent


def test_every_section_is_there(audited: Audit) -> None:
    """Each part of the page has its section in the audit, and the other way round."""
    others = {"version", "seed", "n_rows", "findings"}

    assert {p.name for p in PARTS} == set(Audit.model_fields) - others


def test_findings_are_worst_first(audited: Audit) -> None:
    """Who reads only the top of the page reads what matters most."""
    worst_first = list(Severity)
    ranks = [worst_first.index(f.severity) for f in audited.findings]

    assert ranks == sorted(ranks)
    assert {"copies", "leaks", "rates"} <= {f.section for f in audited.findings}


def test_json_is_figures_only(folder: Path) -> None:
    """The JSON can be published: there is no text of a row in it."""
    written = (folder / AUDIT_FILE).read_text(encoding="utf-8")

    assert "alert(1)" not in written
    assert "mồm ngu câm" not in written
    assert json.loads(written)["n_rows"] == 300 + 401 + 300 + 240


def test_json_is_read_again(audited: Audit, folder: Path) -> None:
    """A program gets the audit back, but for the texts."""
    again = Audit.model_validate_json((folder / AUDIT_FILE).read_text(encoding="utf-8"))

    assert again.findings == audited.findings
    assert again.copies == audited.copies
    assert {s.text for c in again.label_errors.corpora for s in c.suspects} <= {""}


def test_suspects_are_a_table_for_people(folder: Path) -> None:
    """A spreadsheet shows each suspect with its text, and computes none of them."""
    path = folder / SUSPECTS_FILE
    with path.open(encoding="utf-8-sig", newline="") as f:
        rows = list(csv.DictReader(f))

    assert list(rows[0]) == ["key", "split", "given", "suggested", "quality", "text"]
    texts = {r["key"]: r["text"] for r in rows if r["key"].startswith("vihsd")}
    assert f"'{EVIL}" in texts.values()
    assert EVIL not in texts.values()


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("=1+1", "'=1+1"),
        ("+84", "'+84"),
        ("-1", "'-1"),
        ("@a", "'@a"),
        (" \t=1", "' \t=1"),
        ("một = 1", "một = 1"),
        ('"một",\nhai', '"một",\nhai'),
    ],
)
def test_no_text_is_a_formula(
    audited: Audit, tmp_path: Path, text: str, written: str
) -> None:
    """What a spreadsheet would compute gets a mark that makes it text."""
    (corpus, *_) = (c for c in audited.label_errors.corpora if c.suspects)
    suspect = corpus.suspects[0].model_copy(update={"text": text})
    errors = audited.label_errors.model_copy(
        update={"corpora": (corpus.model_copy(update={"suspects": (suspect,)}),)}
    )

    write_suspects(errors, tmp_path / SUSPECTS_FILE)

    with (tmp_path / SUSPECTS_FILE).open(encoding="utf-8-sig", newline="") as f:
        assert [r["text"] for r in csv.DictReader(f)] == [written]


def test_written_twice_is_the_same(
    audited: Audit, folder: Path, tmp_path: Path
) -> None:
    """The same audit gives the same bytes, so that a difference means something."""
    write_audit(audited, tmp_path)

    for name in (AUDIT_FILE, PAGE_FILE, SUSPECTS_FILE):
        assert (tmp_path / name).read_bytes() == (folder / name).read_bytes()
