"""Put a folder in the place of another so that nobody ever finds half of one."""

import ctypes
import os
import shutil
from pathlib import Path

_AT_FDCWD = -100
_RENAME_EXCHANGE = 2


def put_in_place(aside: Path, target: Path) -> None:
    """
    Make *aside* be *target*; a folder that is there is removed afterwards.

    Where the system can exchange two names (Linux), *target* is the old folder until
    it is the new one. Elsewhere there is a moment between two renames; after a stop in
    it the old folder lies beside, and the next call puts it back first.

    Raises:
        OSError: If it cannot be renamed; *target* is as it was.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    old = target.with_name(f".{target.name}.old")
    _put_back(old, target)
    if not target.exists():
        aside.rename(target)
        return
    if _exchange(aside, target):
        aside.rename(old)
    else:
        target.rename(old)
        try:
            aside.rename(target)
        except OSError:
            old.rename(target)
            raise
    shutil.rmtree(old)


def _put_back(old: Path, target: Path) -> None:
    """Clear up after a stop."""
    if old.exists() and not target.exists():
        old.rename(target)
    elif old.exists():
        shutil.rmtree(old)


def _exchange(ours: Path, theirs: Path) -> bool:
    """Exchange two names at once; return whether the system could."""
    rename = getattr(ctypes.CDLL(None), "renameat2", None)
    if rename is None:
        return False
    names = (os.fsencode(ours), os.fsencode(theirs))
    done = rename(_AT_FDCWD, names[0], _AT_FDCWD, names[1], _RENAME_EXCHANGE)
    return bool(done == 0)
