"""A checkpoint is whole, of its own run, and the last one that can be read is used."""

from pathlib import Path

import pytest
import torch
from accelerate import Accelerator
from torch import nn

from training.errors import CheckpointError
from training.finetuning.checkpoints import Checkpoints, Progress, State

IDENTITY = {"recipe": "one", "rows": "these"}


class Run:
    """A network of one weight, whose checkpoints are in a folder."""

    def __init__(self, folder: Path, identity: dict[str, str] | None = None) -> None:
        self.accelerator = Accelerator()
        self.model = nn.Linear(1, 1, bias=False)
        optimizer = torch.optim.AdamW(self.model.parameters())
        self.prepared = self.accelerator.prepare(self.model, optimizer)
        self.checkpoints = Checkpoints(folder, self.accelerator, identity or IDENTITY)

    def save(self, step: int) -> None:
        """Write a checkpoint in which everything is *step*."""
        nn.init.constant_(self.model.weight, step)
        progress = Progress(step=step, best=(0.5, 1), history=[{"loss": 0.1 + 0.2}])
        average = {"weight": self.model.weight.detach().clone()}
        self.checkpoints.save(State(progress, average, None))


def test_everything_comes_back(tmp_path: Path) -> None:
    """Weights, average and figures are those of the last checkpoint, to the last bit."""
    run = Run(tmp_path)
    run.save(1)
    run.save(2)

    other = Run(tmp_path)
    state = other.checkpoints.load()

    assert state is not None
    assert state.progress == Progress(
        step=2, best=(0.5, 1), history=[{"loss": 0.1 + 0.2}]
    )
    assert other.model.weight.item() == 2
    assert state.average["weight"].item() == 2
    assert state.best is None


def test_two_are_kept(tmp_path: Path) -> None:
    """Older ones go when a newer one is whole."""
    run = Run(tmp_path)

    for step in (1, 2, 3):
        run.save(step)

    names = sorted(p.name for p in tmp_path.iterdir())
    assert names == ["checkpoint-000000002", "checkpoint-000000003"]


def test_nothing_is_there_at_first(tmp_path: Path) -> None:
    """A run without a checkpoint begins."""
    assert Run(tmp_path / "none").checkpoints.load() is None


@pytest.mark.parametrize(
    "name",
    ["model.safetensors", "optimizer.bin", "average.safetensors", "progress.json"],
)
def test_unreadable_one_is_passed_over(tmp_path: Path, name: str) -> None:
    """Where the newest was damaged, the one before it is taken."""
    run = Run(tmp_path)
    run.save(1)
    run.save(2)
    damaged = tmp_path / "checkpoint-000000002" / name
    damaged.write_bytes(damaged.read_bytes()[:40])

    state = run.checkpoints.load()

    assert state is not None
    assert state.progress.step == 1
    assert run.model.weight.item() == 1


def test_only_unreadable_ones_are_an_error(tmp_path: Path) -> None:
    """A run does not quietly begin anew where its checkpoints are damaged."""
    run = Run(tmp_path)
    run.save(1)
    (tmp_path / "checkpoint-000000001" / "progress.json").unlink()

    with pytest.raises(CheckpointError, match="--fresh"):
        run.checkpoints.load()


def test_half_of_one_is_not_taken(tmp_path: Path) -> None:
    """What a kill left aside is no checkpoint, and is gone with the next one."""
    run = Run(tmp_path)
    run.save(1)
    half = tmp_path / ".checkpoint-000000002.tmp"
    half.mkdir()
    (half / "model.safetensors").write_bytes(b"half")

    state = run.checkpoints.load()
    run.save(2)

    assert state is not None
    assert state.progress.step == 1
    assert not half.exists()


def test_other_run_is_named(tmp_path: Path) -> None:
    """A checkpoint of another run is refused, and it says what is not the same."""
    Run(tmp_path).save(1)

    with pytest.raises(CheckpointError, match=r"another rows.*--fresh"):
        Run(tmp_path, IDENTITY | {"rows": "those"}).checkpoints.load()
