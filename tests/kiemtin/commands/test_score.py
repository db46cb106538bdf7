"""``kiemtin score``: lines in, lines or a table out."""

import json
from pathlib import Path
from typing import Any

import pytest

from kiemtin.cli import main
from kiemtin.labels import Label
from kiemtin.schemas import ScoreOut
from tests.fixtures.tiny_bundle import write_banded_bundle


@pytest.fixture
def posts(tmp_path: Path) -> Path:
    """Three posts and, between them, two lines that hold none."""
    path = tmp_path / "posts.jsonl"
    lines = [
        '{"id": "a", "text": "đồ ngu quá"}',
        "ngu",
        '{"text": "xin chào"}',
        '{"id": 4, "text": "\\u200b"}',
        '{"id": "e", "text": "vaccine [bold]sale[/bold] sale"}',
    ]
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def _score(
    capfdbinary: pytest.CaptureFixture[bytes], *args: str | Path
) -> tuple[int, list[dict[str, Any]]]:
    """Return the status and the lines of a run in this process."""
    with pytest.raises(SystemExit) as ended:
        main(["score", *map(str, args)])
    lines = capfdbinary.readouterr().out.splitlines()
    return int(ended.value.code or 0), [json.loads(x) for x in lines]


def test_each_line_is_answered_in_order(
    posts: Path, bundle: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    """Scores and errors come in the order of the lines; status 1 says one failed."""
    status, lines = _score(capfdbinary, posts, "--bundle", bundle, "--batch-size", "2")

    assert status == 1
    assert [x["id"] for x in lines] == ["a", "2", "3", "4", "e"]
    assert [x.get("error", {}).get("code") for x in lines] == [
        None,
        "malformed_item",
        None,
        "empty_text",
        None,
    ]
    assert list(lines[1]) == ["id", "error"]
    assert list(lines[1]["error"]) == ["code", "detail"]
    good = [ScoreOut.model_validate(lines[i]) for i in (0, 2, 4)]
    assert [s.recommendation for s in good] == ["review", "none", "review"]
    assert list(good[0].scores) == list(Label)
    assert all(s.reasons == [] for s in good)


def test_all_scored(
    tmp_path: Path, bundle: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    """When no line failed the status is 0; the batch size changes no score."""
    path = tmp_path / "posts.txt"
    path.write_text("\n".join(["đồ ngu", "xin chào", "sale " * 30] * 5))
    runs = [
        _score(capfdbinary, path, "--plain", "--bundle", bundle, "--batch-size", n)
        for n in ("1", "4", "64")
    ]

    assert [status for status, _ in runs] == [0, 0, 0]
    assert runs[0] == runs[1] == runs[2]


def test_empty_file(
    tmp_path: Path, bundle: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    """A file without posts is no failure."""
    (tmp_path / "empty").touch()

    assert _score(capfdbinary, tmp_path / "empty", "--bundle", bundle) == (0, [])


def test_reasons(
    posts: Path, bundle: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    """--reasons says which words moved a score."""
    _, lines = _score(capfdbinary, posts, "--bundle", bundle, "--reasons")

    assert [r["text"] for r in lines[0]["reasons"]] == ["ngu"]
    assert lines[2]["reasons"] == []


def test_with_model(
    posts: Path, bundle: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    """--with-model says beside each score which model and policy made it."""
    _, lines = _score(capfdbinary, posts, "--bundle", bundle, "--with-model")

    assert lines[0]["model"]["name"] == "tiny"
    assert lines[0]["model"]["digest"].startswith("sha256:")
    assert lines[0]["policy_version"].startswith("bundled-")
    assert "model" not in lines[1]


@pytest.mark.parametrize("name", ["nowhere.jsonl", "."])
def test_file_that_cannot_be_read(
    tmp_path: Path, bundle: Path, capfd: pytest.CaptureFixture[str], name: str
) -> None:
    """A wrong name, or a folder's, ends with status 2 and one line."""
    with pytest.raises(SystemExit) as ended:
        main(["score", str(tmp_path / name), "--bundle", str(bundle)])

    assert ended.value.code == 2
    out, err = capfd.readouterr()
    assert out == ""
    assert err.startswith(f"kiemtin: file_unreadable: {tmp_path}")
    assert err.count("\n") == 1


def test_bundle_that_is_refused(
    posts: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """Without a whole bundle nothing is scored, and the status is 2."""
    with pytest.raises(SystemExit) as ended:
        main(["score", str(posts), "--bundle", str(tmp_path)])

    assert ended.value.code == 2
    out, err = capfd.readouterr()
    assert out == ""
    assert err.startswith("kiemtin: bundle_missing: ")


def test_table(posts: Path, bundle: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """--format table is for people, also in a file: no colours, markup left alone."""
    options = ["--bundle", str(bundle), "--format", "table", "--batch-size", "1"]
    with pytest.raises(SystemExit):
        main(["score", str(posts), "--reasons", *options])

    out = capfd.readouterr().out
    assert out.count("recommendation") == 1
    assert "\x1b" not in out
    assert "abusive 0.98" in out
    assert "malformed_item" in out
    assert "vaccine, sale" in out
    (row,) = [x for x in out.splitlines() if x.startswith("a ")]
    assert row.split() == ["a", "review", "abusive", "0.98", "ngu", "đồ", "ngu", "quá"]


def test_table_shows_what_is_uncertain(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """A label near its threshold stands with a question mark beside the flags."""
    posts = tmp_path / "posts.txt"
    posts.write_text("ngu otp\nxin chào\n", encoding="utf-8")
    bundle = write_banded_bundle(tmp_path / "banded")

    with pytest.raises(SystemExit):
        main(
            [
                *("score", str(posts), "--plain"),
                *("--bundle", str(bundle), "--format", "table"),
            ]
        )

    out = capfd.readouterr().out
    assert "scam 0.98" in out
    assert "abusive? 0.98" in out
    assert out.count("?") == 1
