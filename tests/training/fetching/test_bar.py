"""Who watches a terminal sees how far a download is; a pipe gets nothing of it."""

from io import StringIO

import pytest
from rich.console import Console

from training.fetching.bar import Bar


@pytest.fixture
def screen() -> StringIO:
    """What is drawn."""
    return StringIO()


def test_bar_on_a_terminal(screen: StringIO) -> None:
    """It says which file comes and how much of it is here, and then goes away."""
    bar = Bar(Console(file=screen, force_terminal=True, width=100))

    bar("vihsd/train.csv", 500_000, 1_000_000)
    bar("vihsd/train.csv", 1_000_000, 1_000_000)
    bar.clear()

    assert "vihsd/train.csv" in screen.getvalue()
    assert "1.0/1.0 MB" in screen.getvalue()
    assert screen.getvalue().endswith("\x1b[2K")


def test_next_file_has_its_own_bar(screen: StringIO) -> None:
    """After one file the bar begins anew with the next."""
    bar = Bar(Console(file=screen, force_terminal=True, width=100))
    bar("one/a.csv", 1000, 1000)
    bar.clear()
    screen.truncate(0)

    bar("two/b.csv", 1, None)
    bar.clear()

    assert "two/b.csv" in screen.getvalue()
    assert "one/a.csv" not in screen.getvalue()


def test_no_bar_in_a_file(screen: StringIO) -> None:
    """A log is not filled with bars."""
    bar = Bar(Console(file=screen))

    bar("one/a.csv", 1000, 1000)
    bar.clear()

    assert screen.getvalue() == ""
