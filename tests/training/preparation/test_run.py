"""``kiemtin data prepare`` makes one pool of all corpora, whole or not at all."""

import csv
import json
import shutil
from collections import Counter
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from training.corpora import CORPORA, Head
from training.corpora.sources import Permission, read_sources
from training.errors import CorpusMissingError, PreparedError
from training.preparation.load import read_rows
from training.preparation.manifest import MANIFEST_FILE, read_manifest
from training.preparation.run import prepare
from training.splits import Split

MEASURED = (Split.TRAIN, Split.DEV, Split.TEST)


@pytest.fixture
def raw(small_corpora: Path, tmp_path: Path) -> Path:
    """A copy of the small corpora that a test may change."""
    return Path(shutil.copytree(small_corpora, tmp_path / "raw"))


def test_every_row_is_somewhere(raw: Path, tmp_path: Path) -> None:
    """Each record of each file is in one split or stands in set_aside.jsonl."""
    with (raw / "vihsd" / "train.csv").open("a", encoding="utf-8") as f:
        f.write("nhãn lạ,9\n")

    manifest, _ = prepare(raw, tmp_path / "out", corpora=["vihsd"])

    n_rows = sum(manifest.rows[s].get("vihsd", 0) for s in Split)
    with (raw / "vihsd" / "train.csv").open(newline="", encoding="utf-8") as f:
        n_records = len(list(csv.DictReader(f))) + 8
    assert n_rows + 1 == n_records
    (aside,) = (tmp_path / "out" / "set_aside.jsonl").read_text().splitlines()
    assert json.loads(aside) == {
        "corpus": "vihsd",
        "file": "train.csv",
        "line": n_records - 7,
        "reason": "label_id is not one of 0, 1, 2",
    }


def test_counts_are_those_of_the_files(prepared: Path) -> None:
    """The manifest counts what the Parquet files hold, and says why rows are left out."""
    manifest = read_manifest(prepared)

    for split in Split:
        found = Counter(r.corpus for r in read_rows(prepared, split))
        assert manifest.rows[split] == dict(found)
    left_out = pq.read_table(prepared / "held_out.parquet")["left_out"]
    assert left_out.null_count == 0
    assert len(left_out) == sum(sum(c.values()) for c in manifest.left_out.values())


def test_protected_speech_trains_nothing(prepared: Path) -> None:
    """Protected rows are in their own splits only, ours among them."""
    for split in Split:
        heads = {r.head for r in read_rows(prepared, split)}
        assert (Head.PROTECTED in heads) == split.startswith("protected")
    protected = list(read_rows(prepared, Split.PROTECTED_DEV))
    assert {r.corpus for r in protected} == {"protected_speech", "samples"}


def test_nothing_of_beside_the_text_is_prepared(prepared: Path) -> None:
    """Who sent a message or how it fared is in no column, so nothing can learn it."""
    names = set(pq.read_schema(prepared / "train.parquet").names)

    assert not names & {"facets", "sender_type", "likes", "rating", "user_name"}


def test_rows_come_back_as_they_were_read(prepared: Path, small_corpora: Path) -> None:
    """But for the facets, a prepared row is the row that the reader gave."""
    read = {r.key: r for r in CORPORA["reintel"](small_corpora / "reintel")}  # type: ignore[union-attr]

    found = [r for s in MEASURED for r in read_rows(prepared, s, corpora=["reintel"])]

    assert len(found) > 50
    for row in found:
        before = read[row.key]
        assert (row.text, row.labels, row.time) == (
            before.text,  # type: ignore[union-attr]
            before.labels,  # type: ignore[union-attr]
            before.time,  # type: ignore[union-attr]
        )


def test_terms_choose_rows(prepared: Path) -> None:
    """A run that asks for redistributable rows gets no other, nor what is for research."""
    sources = read_sources()

    for least in Permission:
        allowed = list(Permission)[: list(Permission).index(least) + 1]
        found = {r.corpus for r in read_rows(prepared, Split.TRAIN, permission=least)}
        assert found == {
            c
            for c in read_manifest(prepared).rows[Split.TRAIN]
            if sources[c].permission in allowed
        }


def test_second_run_changes_nothing(raw: Path, tmp_path: Path) -> None:
    """What was made of the same files by the same rules is left alone."""
    out = tmp_path / "out"
    first, made = prepare(raw, out, corpora=["vihsd"])
    before = {p: p.stat().st_mtime_ns for p in out.rglob("*")}

    second, made_again = prepare(raw, out, corpora=["vihsd"])

    assert (made, made_again) == (True, False)
    assert second == first
    assert {p: p.stat().st_mtime_ns for p in out.rglob("*")} == before


def test_same_files_give_the_same_bytes(raw: Path, tmp_path: Path) -> None:
    """Two machines that prepare the same files have the same set."""
    outs = [tmp_path / name for name in ("one", "two")]
    for out in outs:
        prepare(raw, out, corpora=["vihsd", "reintel"])

    one, two = ({p.name: p.read_bytes() for p in o.glob("*.*")} for o in outs)
    assert one == two


@pytest.mark.parametrize("change", ["file", "seed", "damage"])
def test_change_is_noticed(raw: Path, tmp_path: Path, change: str) -> None:
    """A changed file, another seed or a damaged result is prepared anew."""
    out = tmp_path / "out"
    prepare(raw, out, corpora=["vihsd"], seed=1)
    if change == "file":
        with (raw / "vihsd" / "train.csv").open("a", encoding="utf-8") as f:
            f.write("thêm một dòng nữa cho vui,0\n")
    if change == "damage":
        (out / "train.parquet").unlink()

    _, made = prepare(raw, out, corpora=["vihsd"], seed=2 if change == "seed" else 1)

    assert made
    assert (out / "train.parquet").is_file()


def test_failed_run_leaves_what_was_there(raw: Path, tmp_path: Path) -> None:
    """A file that went missing is an error, and the set from before stays whole."""
    out = tmp_path / "out"
    prepare(raw, out, corpora=["vihsd"])
    before = (out / MANIFEST_FILE).read_bytes()
    (raw / "vihsd" / "dev.csv").unlink()

    with pytest.raises(CorpusMissingError, match=r"dev\.csv is not there"):
        prepare(raw, out, corpora=["vihsd"])

    assert (out / MANIFEST_FILE).read_bytes() == before
    assert sorted(p.name for p in tmp_path.iterdir()) == ["out", "raw"]


def test_folder_of_something_else_is_not_overwritten(raw: Path, tmp_path: Path) -> None:
    """A typing error in --out costs nobody their files."""
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "thesis.txt").write_text("…")

    with pytest.raises(PreparedError, match=r"holds no prepared\.json"):
        prepare(raw, tmp_path / "home", corpora=["vihsd"])


@pytest.mark.parametrize(
    ("corpora", "message"),
    [(["vihds"], "no corpus vihds"), (["victsd"], "victsd is not there; get it")],
)
def test_absent_corpus_is_named(
    raw: Path, tmp_path: Path, corpora: list[str], message: str
) -> None:
    """What was asked for and is not there is said before anything is read."""
    with pytest.raises(CorpusMissingError, match=message):
        prepare(raw, tmp_path / "out", corpora=corpora)


def test_samples_alone_are_prepared(tmp_path: Path) -> None:
    """In a fresh checkout, without any published corpus, there is a set to try."""
    manifest, _ = prepare(tmp_path, tmp_path / "out")

    assert manifest.rules.corpora == ("samples",)
    assert all(manifest.rows[s] for s in Split if s is not Split.HELD_OUT)
    assert "kiemtin data fetch vihsd" in manifest.missing["vihsd"]


def test_absent_set_says_how_to_make_it(tmp_path: Path) -> None:
    """Where nothing was prepared the error has the command for it."""
    with pytest.raises(PreparedError, match="kiemtin data prepare"):
        read_manifest(tmp_path)
