"""Fine-tuning learns, stops when it should, and goes on where it was stopped."""

import json
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import torch
from peft.tuners.tuners_utils import BaseTunerLayer
from safetensors.torch import load_file

from kiemtin.labels import Label
from tests.fixtures.checkout import ROOT
from tests.fixtures.fine_tuning import HISTORY, WEIGHTS, tune
from training.errors import CheckpointError, DivergedError
from training.finetuning.run import Tuned

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("one_thread")]

FAST = {"fine_tune": {"epochs": 3, "learning_rate": 2e-3}}
OFTEN = {"fine_tune": {"epochs": 2, "minutes_between_checkpoints": 1e-6}}

Tune = Callable[..., Tuned]


@pytest.fixture
def tuned(tiny_encoder: Path, prepared: Path) -> Tune:
    """Fine-tune the tiny encoder on small corpora."""
    return partial(tune, tiny_encoder, prepared)


@pytest.fixture
def one_thread() -> Iterator[None]:
    """Add up in one order, so that two runs are the same to the last bit."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture
def start(
    tiny_encoder: Path, prepared: Path, tmp_path: Path
) -> Callable[..., subprocess.Popen[bytes]]:
    """Begin to fine-tune in another process."""

    def begin(
        work: Path, changes: dict[str, Any], *launcher: str
    ) -> subprocess.Popen[bytes]:
        arguments = (
            tiny_encoder,
            prepared,
            work,
            tmp_path / "out",
            json.dumps(changes),
        )
        command = [sys.executable, "-m", *launcher, "tests.fixtures.fine_tuning"]
        with (tmp_path / "stderr").open("wb") as stderr:
            return subprocess.Popen(
                [*command, *map(str, arguments)],
                cwd=ROOT,
                env={**os.environ, "OMP_NUM_THREADS": "1"},
                stderr=stderr,
            )

    return begin


def _checkpoints(work: Path) -> list[Path]:
    return sorted(work.glob("checkpoint-*"))


def _weights(tuned: Tuned) -> dict[str, torch.Tensor]:
    return tuned.model.state_dict()


def test_it_learns(tuned: Tune, tmp_path: Path) -> None:
    """After a few epochs the tiny network tells the classes of words apart."""
    told: list[tuple[int, dict[str, float]]] = []

    found = tuned(tmp_path, lambda *x: told.append(x), **FAST)

    assert [h["epoch"] for h in found.history] == [1, 2, 3]
    assert found.history[-1]["dev_auc"] > 0.8
    assert found.history[-1]["loss"] < found.history[0]["loss"]
    assert found.history[-1]["dev_auc.vihsd.abusive"] > 0.8
    assert told[-1][1]["dev_auc"] == found.history[-1]["dev_auc"]
    assert len(_checkpoints(tmp_path)) == 2


def test_finished_run_is_not_repeated(tuned: Tune, tmp_path: Path) -> None:
    """The same command once more gives the same weights without a step."""
    first = tuned(tmp_path)
    told: list[int] = []

    again = tuned(tmp_path, lambda step, _: told.append(step))

    assert told == []
    assert again.history == first.history
    ours, theirs = _weights(again), _weights(first)
    assert all(torch.equal(ours[k], theirs[k]) for k in ours)


def test_killed_run_ends_as_if_it_had_not_been(
    tuned: Tune, start: Callable[..., subprocess.Popen[bytes]], tmp_path: Path
) -> None:
    """Killed at any time, the same command ends with the very same weights."""
    whole = tuned(tmp_path / "whole", **OFTEN)
    work = tmp_path / "killed"
    for n_steps in (3, 50):
        victim = start(work, OFTEN)
        while not any(int(p.name[-9:]) >= n_steps for p in _checkpoints(work)):
            assert victim.poll() is None, (tmp_path / "stderr").read_text()
            time.sleep(0.01)
        victim.send_signal(signal.SIGKILL)
        victim.wait()
    told: list[int] = []

    resumed = tuned(work, lambda step, _: told.append(step), **OFTEN)

    assert not (tmp_path / "out").exists()
    assert min(told) > 50
    ours, theirs = _weights(resumed), _weights(whole)
    assert all(torch.equal(ours[k], theirs[k]) for k in ours)
    assert resumed.history == whole.history


def test_two_processes_train_the_same_rows_once(
    tuned: Tune, start: Callable[..., subprocess.Popen[bytes]], tmp_path: Path
) -> None:
    """Two processes share the batches of one, and end with the weights of one."""
    plain = {"fine_tune": {"epochs": 1, "dropout": 0.0, "precision": "fp32"}}
    launcher = ("accelerate.commands.launch", "--cpu", "--num_processes=2",
                "--num_machines=1", "--num_cpu_threads_per_process=1",
                "--mixed_precision=no", "--dynamo_backend=no", "--main_process_port=0",
                "-m")  # fmt: skip

    both = start(tmp_path / "both", plain, *launcher)
    alone = tuned(tmp_path / "alone", **plain)

    assert both.wait() == 0, (tmp_path / "stderr").read_text()
    found = load_file(tmp_path / "out" / WEIGHTS)
    for name, weights in _weights(alone).items():
        torch.testing.assert_close(found[name], weights, atol=2e-4, rtol=0)
    (history,) = json.loads((tmp_path / "out" / HISTORY).read_text())
    assert history["loss"] == pytest.approx(alone.history[0]["loss"], abs=1e-4)
    assert history["dev_auc"] == pytest.approx(alone.history[0]["dev_auc"], abs=1e-3)


def test_divergence_is_named_and_nothing_is_written(
    tuned: Tune, tmp_path: Path
) -> None:
    """A rate that is too high ends the run, and leaves only what was good."""
    tuned(tmp_path, fine_tune={"epochs": 1})
    before = {p: p.stat().st_mtime_ns for p in tmp_path.rglob("*")}

    with pytest.raises(DivergedError, match=r"not a number at step \d+"):
        tuned(
            tmp_path / "diverges",
            fine_tune={
                "learning_rate": 1e30,
                "epochs": 2,
                "warmup": 0.0,
                "dropout": 0.0,
            },
        )

    assert _checkpoints(tmp_path / "diverges") == []
    assert before == {p: p.stat().st_mtime_ns for p in before}


def test_other_recipe_is_refused(tuned: Tune, tmp_path: Path) -> None:
    """A checkpoint is of no use to a run that another recipe decides."""
    tuned(tmp_path)

    with pytest.raises(CheckpointError, match=r"another recipe.*--fresh"):
        tuned(tmp_path, seed=8)


def test_thresholds_may_change(tuned: Tune, tmp_path: Path) -> None:
    """What is decided after the weights are made does not make them anew."""
    tuned(tmp_path)

    tuned(
        tmp_path,
        lambda *_: pytest.fail("it trained"),
        thresholds={"urgent_precision": 0.8},
        wide={"bits": 10},
        fine_tune={"minutes_between_checkpoints": 1},
    )


def test_full_disk_ends_the_run(tuned: Tune, tmp_path: Path) -> None:
    """Where a checkpoint finds no room the run stops and says so; the last is whole."""
    unlimited = resource.getrlimit(resource.RLIMIT_FSIZE)
    n_epochs = 0

    def fill(_: int, figures: dict[str, float]) -> None:
        nonlocal n_epochs
        n_epochs += "dev_auc" in figures
        if n_epochs == 2:
            resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, unlimited[1]))

    try:
        with pytest.raises(
            CheckpointError, match=r"MB free .*; checkpoint-\d+ is whole"
        ):
            tuned(tmp_path, fill, fine_tune={"epochs": 3})
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, unlimited)

    assert n_epochs == 2
    assert [p.name for p in tmp_path.iterdir()] == [_checkpoints(tmp_path)[0].name]
    assert len(tuned(tmp_path, fine_tune={"epochs": 3}).history) == 3


def test_patience_keeps_the_best_epoch(tuned: Tune, tmp_path: Path) -> None:
    """It stops when dev has not got better for so long, with the weights of before."""
    hasty = {"epochs": 9, "patience": 1, "learning_rate": 0.03, "warmup": 0.0,
             "head_learning_rate": 0.1, "averaging": 0.0}  # fmt: skip
    found = tuned(tmp_path, fine_tune=hasty)

    areas = [h["dev_auc"] for h in found.history]
    assert len(areas) < 9
    assert areas[-1] <= max(areas[:-1])
    last = load_file(_checkpoints(tmp_path)[-1] / "best.safetensors")
    kept = {f"network.{k}": v for k, v in found.model.state_dict().items()}
    assert all(torch.equal(kept[k], last[k]) for k in kept)


# peft asks transformers in its old way.
@pytest.mark.filterwarnings("ignore:`is_gradient_checkpointing`:FutureWarning")
def test_adapters_are_merged(tuned: Tune, tiny_encoder: Path, tmp_path: Path) -> None:
    """With LoRA an encoder changes by matrices of low rank, and keeps no adapter."""
    found = tuned(
        tmp_path,
        fine_tune={"epochs": 2, "learning_rate": 0.01},
        lora={"rank": 2, "alpha": 4.0},
    )

    before = load_file(tiny_encoder / "model.safetensors")
    after = found.model.encoder.state_dict()
    name = "encoder.layer.0.attention.self.{}.weight"
    assert not any(isinstance(m, BaseTunerLayer) for m in found.model.modules())
    for matrix in ("query", "value"):
        change = after[name.format(matrix)] - before[name.format(matrix)]
        assert int(torch.linalg.matrix_rank(change, atol=1e-5)) == 2
    assert torch.equal(after[name.format("key")], before[name.format("key")])
    assert found.history[-1]["loss"] < found.history[0]["loss"]


def test_teacher_teaches_what_no_row_says(
    tuned: Tune, bundle: Path, tmp_path: Path
) -> None:
    """A student learns from the scores of a bundle, which is asked once."""
    taught = {"teacher": str(bundle), "weight": 0.9}

    found = tuned(tmp_path, fine_tune={"epochs": 2}, distillation=taught)
    answers = {p: p.stat().st_mtime_ns for p in (tmp_path / "teacher").iterdir()}
    tuned(tmp_path, fine_tune={"epochs": 2}, distillation=taught)

    assert found.history[-1]["loss"] < found.history[0]["loss"]
    assert answers
    assert answers == {p: p.stat().st_mtime_ns for p in answers}


def test_sharpness_is_learned(tuned: Tune, tmp_path: Path) -> None:
    """A label that is pooled smoothly gets a sharpness of its own, others none."""
    smooth = {"unreliable": "smooth"}
    quick = {"epochs": 3, "head_learning_rate": 0.05}

    found = tuned(tmp_path, pooling=smooth, fine_tune=quick)

    assert list(found.sharpness) == [Label.UNRELIABLE]
    assert found.sharpness[Label.UNRELIABLE] > 0
    assert found.sharpness[Label.UNRELIABLE] != pytest.approx(1.0, abs=1e-3)
