"""A folder is replaced as a whole, whenever the replacing is stopped."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from training.exporting import swapping
from training.exporting.swapping import put_in_place

_FILES = ("a", "b", "c")

# Publishes one whole folder after another, until it is killed.
_FOREVER = """
import itertools, sys
from pathlib import Path
from training.exporting.swapping import put_in_place
root = Path(sys.argv[1])
for i in itertools.count():
    aside = root / f"aside-{i}"
    aside.mkdir()
    for name in "abc":
        (aside / name).write_text(str(i))
    put_in_place(aside, root / "bundle")
"""


def _write(folder: Path, content: str) -> Path:
    folder.mkdir(parents=True)
    for name in _FILES:
        (folder / name).write_text(content)
    return folder


def _content(folder: Path) -> set[str]:
    return {(folder / name).read_text() for name in _FILES}


@pytest.mark.parametrize("exchanges", [True, False])
def test_new_folder_takes_the_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, exchanges: bool
) -> None:
    """Nothing is left of the old one or beside, whether names can be exchanged or not."""
    if not exchanges:
        monkeypatch.setattr(swapping, "_exchange", lambda *_: False)
    target = _write(tmp_path / "bundle", "old")

    put_in_place(_write(tmp_path / "aside", "new"), target)

    assert _content(target) == {"new"}
    assert [p.name for p in tmp_path.iterdir()] == ["bundle"]


def test_first_folder_is_just_renamed(tmp_path: Path) -> None:
    """Where there is none yet, folders on the way to it are made."""
    put_in_place(_write(tmp_path / "aside", "new"), tmp_path / "runs" / "bundle")

    assert _content(tmp_path / "runs" / "bundle") == {"new"}


@pytest.mark.parametrize("exchanges", [True, False])
def test_old_folder_stays_if_renaming_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, exchanges: bool
) -> None:
    """Without the new folder, the old one is where it was."""
    if not exchanges:
        monkeypatch.setattr(swapping, "_exchange", lambda *_: False)
    target = _write(tmp_path / "bundle", "old")

    with pytest.raises(FileNotFoundError):
        put_in_place(tmp_path / "nowhere", target)

    assert _content(target) == {"old"}
    assert [p.name for p in tmp_path.iterdir()] == ["bundle"]


def test_old_folder_comes_back_after_a_stop(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Stopped between two renames, the next call begins with what was there."""
    _write(tmp_path / ".bundle.old", "old")
    monkeypatch.setattr(swapping, "_exchange", lambda *_: False)

    with pytest.raises(FileNotFoundError):
        put_in_place(tmp_path / "nowhere", tmp_path / "bundle")

    assert _content(tmp_path / "bundle") == {"old"}


@pytest.mark.skipif(sys.platform != "linux", reason="names are exchanged on Linux")
def test_killed_at_any_time_it_leaves_one_whole_folder(tmp_path: Path) -> None:
    """Killed ten times while it publishes without end, a whole folder is in place."""
    for delay_s in (0.0, 0.003, 0.007, 0.011, 0.02, 0.031, 0.05, 0.07, 0.11, 0.13):
        command = [sys.executable, "-c", _FOREVER, str(tmp_path)]
        with subprocess.Popen(command) as process:
            before = (tmp_path / "bundle").stat().st_ino if delay_s else 0
            while not (tmp_path / "bundle").exists() or (
                (tmp_path / "bundle").stat().st_ino == before
            ):
                time.sleep(0.001)
            time.sleep(delay_s)
            os.kill(process.pid, signal.SIGKILL)
        assert len(_content(tmp_path / "bundle")) == 1
        for left in tmp_path.glob("aside-*"):
            for file in left.iterdir():
                file.unlink()
            left.rmdir()
