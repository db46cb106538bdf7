"""How far a long file is read, for people who watch it."""

from io import BytesIO, StringIO
from pathlib import Path

import pytest
from rich.console import Console

from kiemtin.commands import progress
from kiemtin.commands.progress import tallied
from kiemtin.commands.replies import Reply
from kiemtin.errors import EmptyTextError
from kiemtin.schemas import Item
from kiemtin.scoring import Scorer


@pytest.fixture
def replies(bundle: Path) -> list[Reply]:
    """One flagged, one clean, one failed."""
    scorer = Scorer.load(bundle)
    scored = [scorer.score(Item(x, x)) for x in ("ngu", "xin")]
    return [
        *(Reply(s.id, s.id, s.model_dump_json().encode()) for s in scored),
        Reply("3", "", EmptyTextError("nothing")),
    ]


@pytest.mark.parametrize("terminal", [True, False])
def test_summary(tmp_path: Path, replies: list[Reply], *, terminal: bool) -> None:
    """A terminal gets the counts at the end, a log gets nothing."""
    (tmp_path / "posts").write_bytes(b"a\nb\nc\n")
    shown = StringIO()
    console = Console(file=shown, force_terminal=terminal)

    with (
        (tmp_path / "posts").open("rb") as file,
        tallied(file, console, bar=False) as tally,
    ):
        tally.add(replies)

    assert ("2 scored, 1 flagged, 1 failed" in shown.getvalue()) is terminal


def test_bar_shows_the_part_that_was_read(
    tmp_path: Path, replies: list[Reply], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a file the part is known by its bytes."""
    monkeypatch.setattr(progress, "_PATIENCE_S", -1)
    (tmp_path / "posts").write_bytes(b"a\nb\nc\nd\n")
    shown = StringIO()
    console = Console(file=shown, force_terminal=True, width=80)

    with (
        (tmp_path / "posts").open("rb") as file,
        tallied(file, console, bar=True) as tally,
    ):
        file.readline()
        tally.add(replies)

    assert "25%" in shown.getvalue()
    assert "3 posts" in shown.getvalue()


def test_input_that_is_no_file(replies: list[Reply]) -> None:
    """Of what is not a file only the posts are counted."""
    console = Console(file=StringIO(), force_terminal=True)

    with tallied(BytesIO(), console, bar=True) as tally:
        tally.add(replies)

    assert tally.n_scored == 2
