"""Checkpoints of a run: written aside, then renamed, so that one is always whole."""

import json
import os
import re
import shutil
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import structlog
from accelerate import Accelerator
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor

from training.errors import CheckpointError

log = structlog.get_logger()

AVERAGE_FILE, BEST_FILE = "average.safetensors", "best.safetensors"
PROGRESS_FILE = "progress.json"
_KEPT = 2
_NAME = re.compile(r"checkpoint-\d{9}")


@dataclass
class Progress:
    """
    How far a run is.

    Attributes:
        epoch: The epoch that is going on, from 0; as many as there are when it is over.
        at: How many batches of it are done.
        step: How many batches were done in all.
        sums: Of each corpus, the losses and the weights in this epoch so far.
        seconds: Of the epoch so far.
        best: The best mean AUC on dev, and after which epoch it was.
        history: What was measured after each epoch.
    """

    epoch: int = 0
    at: int = 0
    step: int = 0
    sums: list[list[float]] = field(default_factory=list)
    seconds: float = 0.0
    best: tuple[float, int] | None = None
    history: list[dict[str, float]] = field(default_factory=list)


@dataclass
class State:
    """What a checkpoint holds beside what accelerate knows of."""

    progress: Progress
    average: dict[str, Tensor]
    best: dict[str, Tensor] | None


class Checkpoints:
    """The checkpoints of one run in a folder; the last two are kept."""

    def __init__(
        self, folder: Path, accelerator: Accelerator, identity: Mapping[str, str]
    ) -> None:
        """
        Look for none yet.

        Args:
            folder: Where they are.
            accelerator: Has the network, its optimizer and random numbers.
            identity: What decides the weights; a checkpoint is only of use to its own.
        """
        self._folder = folder
        self._accelerator = accelerator
        self._identity = dict(identity)

    def save(self, state: State) -> None:
        """
        Write a checkpoint, and remove those that are no longer needed.

        Every process calls it; the first one writes what is common to all.

        Raises:
            CheckpointError: If it cannot be written, such as to a full disk; those from
                before are as they were.
        """
        path = self._folder / f"checkpoint-{state.progress.step:09}"
        aside = path.with_name(f".{path.name}.tmp")
        try:
            self._write(aside, state)
            self._accelerator.wait_for_everyone()
            if self._accelerator.is_main_process:
                _publish(aside, path)
                self._prune()
        except (OSError, RuntimeError, SafetensorError) as e:
            shutil.rmtree(aside, ignore_errors=True)
            raise CheckpointError(self._unwritten(path, e)) from e

    def load(self) -> State | None:
        """
        Return the state of the last checkpoint that can be read, None if there is none.

        Raises:
            CheckpointError: If it is of another run, or none can be read.
        """
        paths = self._all()
        for path in reversed(paths):
            try:
                return self._read(path)
            except (OSError, RuntimeError, ValueError, SafetensorError) as e:
                log.warning("unreadable", checkpoint=str(path), why=str(e))
        if paths:
            msg = f"no checkpoint in {self._folder} can be read; begin with --fresh"
            raise CheckpointError(msg)
        return None

    def _write(self, aside: Path, state: State) -> None:
        if self._accelerator.is_main_process:
            self._folder.mkdir(parents=True, exist_ok=True)
            shutil.rmtree(aside, ignore_errors=True)
            aside.mkdir()
        self._accelerator.wait_for_everyone()
        self._accelerator.save_state(str(aside))
        if self._accelerator.is_main_process:
            save_file(_on_cpu(state.average), aside / AVERAGE_FILE)
            if state.best:
                save_file(_on_cpu(state.best), aside / BEST_FILE)
            record = {"of": self._identity, "progress": asdict(state.progress)}
            text = json.dumps(record, indent=1)
            (aside / PROGRESS_FILE).write_text(text, encoding="utf-8")

    def _read(self, path: Path) -> State:
        record = json.loads((path / PROGRESS_FILE).read_text(encoding="utf-8"))
        self._require_same(path, record["of"])
        average = load_file(path / AVERAGE_FILE)
        best = path / BEST_FILE
        state = State(
            _progress(record["progress"]),
            average,
            load_file(best) if best.exists() else None,
        )
        self._accelerator.load_state(str(path))
        log.info("resumed", checkpoint=str(path), step=state.progress.step)
        return state

    def _require_same(self, path: Path, found: Mapping[str, str]) -> None:
        changed = [k for k, v in self._identity.items() if found.get(k) != v]
        if changed:
            msg = (
                f"{path} is of another run, which had another {' and '.join(changed)};"
                " begin anew with --fresh, or remove it"
            )
            raise CheckpointError(msg)

    def _all(self) -> list[Path]:
        if not self._folder.is_dir():
            return []
        return sorted(p for p in self._folder.iterdir() if _NAME.fullmatch(p.name))

    def _prune(self) -> None:
        for path in self._all()[:-_KEPT]:
            shutil.rmtree(path)

    def _unwritten(self, path: Path, error: Exception) -> str:
        free = shutil.disk_usage(self._folder.parent).free // 2**20
        there = self._all()
        kept = f"{there[-1].name} is whole" if there else "there is none from before"
        why = str(error).strip().splitlines()[0] if str(error).strip() else repr(error)
        return f"{path} could not be written with {free} MB free ({why}); {kept}"


def _publish(aside: Path, path: Path) -> None:
    """Give the folder its name once all of it is on the disk."""
    for file in aside.iterdir():
        with file.open("rb") as f:
            os.fsync(f.fileno())
    shutil.rmtree(path, ignore_errors=True)
    aside.rename(path)


def _progress(found: dict[str, Any]) -> Progress:
    best = found.pop("best")
    return Progress(**found, best=tuple(best) if best else None)


def _on_cpu(tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    return {k: v.detach().to("cpu", copy=True).contiguous() for k, v in tensors.items()}
