"""A checkpoint is whole or it is the one before."""

import pickle
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import torch

from training.errors import CheckpointError
from training.pretraining.checkpoints import load_checkpoint, save_checkpoint


@contextmanager
def _full_disk(n_bytes: int) -> Iterator[None]:
    """Let the system refuse to write files of more than *n_bytes*."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (n_bytes, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_checkpoint_comes_back(tmp_path: Path) -> None:
    """Numbers and tensors are read back as they were; no checkpoint is no state."""
    path = tmp_path / "c.pt"
    assert load_checkpoint(path) is None

    save_checkpoint(path, {"step": 3, "weights": torch.arange(4)})

    found = load_checkpoint(path)
    assert found is not None
    assert found["step"] == 3
    assert torch.equal(found["weights"], torch.arange(4))
    assert [p.name for p in tmp_path.iterdir()] == ["c.pt"]


def test_a_full_disk_leaves_the_last_good_one(tmp_path: Path) -> None:
    """What cannot be written says so, is tidied up, and takes nothing with it."""
    path = tmp_path / "c.pt"
    save_checkpoint(path, {"step": 1})

    with _full_disk(20_000), pytest.raises(CheckpointError, match=r"MB free.*is whole"):
        save_checkpoint(path, {"step": 2, "weights": torch.zeros(100_000)})

    assert load_checkpoint(path) == {"step": 1}
    assert [p.name for p in tmp_path.iterdir()] == ["c.pt"]


def test_the_first_one_may_fail_too(tmp_path: Path) -> None:
    """Where there was no checkpoint, none is promised."""
    with _full_disk(20_000), pytest.raises(CheckpointError, match="none yet"):
        save_checkpoint(tmp_path / "c.pt", {"weights": torch.zeros(100_000)})


def test_a_pickle_is_not_run(tmp_path: Path) -> None:
    """A file that would run code when it is loaded is refused."""
    path = tmp_path / "c.pt"
    path.write_bytes(pickle.dumps(_Trap(tmp_path / "sprung"), protocol=2))

    with pytest.raises(CheckpointError, match="no checkpoint"):
        load_checkpoint(path)
    assert not (tmp_path / "sprung").exists()


@pytest.mark.parametrize("content", [b"", b"half a file"])
def test_a_broken_file_is_an_error(tmp_path: Path, content: bytes) -> None:
    """What is no checkpoint at all says how to begin anew."""
    path = tmp_path / "c.pt"
    path.write_bytes(content)

    with pytest.raises(CheckpointError, match="begin anew"):
        load_checkpoint(path)


class _Trap:
    def __init__(self, path: Path) -> None:
        self._path = path

    def __reduce__(self) -> tuple[object, tuple[Path]]:
        return Path.touch, (self._path,)
