"""Checkpoints of a run, written aside, read back on any machine."""

import os
import shutil
from pathlib import Path
from typing import Any

import torch

from training.errors import CheckpointError


def save_checkpoint(path: Path, state: dict[str, Any]) -> None:
    """
    Write *state* to *path*, which stays as it was until all of it is written.

    Raises:
        CheckpointError: If it cannot be written, such as to a full disk.
    """
    aside = path.with_suffix(".tmp")
    try:
        with aside.open("wb") as f:
            torch.save(state, f)
            f.flush()
            os.fsync(f.fileno())
        aside.replace(path)
    except (OSError, RuntimeError) as e:
        aside.unlink(missing_ok=True)
        free = shutil.disk_usage(path.parent).free // 2**20
        kept = "the one before it is whole" if path.exists() else "there is none yet"
        msg = f"{path} could not be written with {free} MB free ({e}); {kept}"
        raise CheckpointError(msg) from e


def load_checkpoint(path: Path) -> dict[str, Any] | None:
    """
    Return the state in *path*, on the processor; None if there is none.

    Raises:
        CheckpointError: If it is not a checkpoint of ours; nothing in it is run.
    """
    if not path.exists():
        return None
    try:
        state: dict[str, Any] = torch.load(path, map_location="cpu", weights_only=True)
    except Exception as e:  # torch has no one error for bytes of another kind
        msg = f"{path} is no checkpoint; remove it to begin anew"
        raise CheckpointError(msg) from e
    return state
