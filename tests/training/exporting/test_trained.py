"""What training keeps can be exported again."""

from dataclasses import replace
from pathlib import Path

import pytest
import torch

from kiemtin.manifest import WIDE_FILE
from tests.fixtures.tiny_bundle import WIDE, wide_part
from tests.fixtures.trained import small_trained
from training.errors import CheckpointError
from training.exporting.trained import (
    CONFIG_FILE,
    STATE_FILE,
    WEIGHTS_FILE,
    Trained,
    keep_trained,
    read_trained,
)


@pytest.fixture
def trained(tmp_path: Path) -> Trained:
    """A small network, as if it had learnt."""
    return small_trained(tmp_path / "made", version="1.2.3")


@pytest.fixture
def wide(trained: Trained) -> Trained:
    """The same with a wide part."""
    return replace(trained, wide=wide_part())


def test_everything_comes_back(trained: Trained, tmp_path: Path) -> None:
    """Weights are the same to the last bit, and all that says how to read them."""
    keep_trained(trained, tmp_path / "work" / "network")

    found = read_trained(tmp_path / "work" / "network")

    for name, weight in trained.network.state_dict().items():
        if not name.startswith("corpus_bias"):
            torch.testing.assert_close(
                found.network.state_dict()[name], weight, rtol=0, atol=0
            )
    assert found.recipe == trained.recipe
    assert found.calibration == trained.calibration
    assert found.thresholds == trained.thresholds
    assert found.calibration_losses == trained.calibration_losses
    assert found.wide is None
    assert found.weights_from == "fp32"


def test_wide_part_comes_back(wide: Trained, tmp_path: Path) -> None:
    """What it says and how it is mixed is kept beside the network."""
    keep_trained(wide, tmp_path / "network")

    found = read_trained(tmp_path / "network").wide

    assert found is not None
    assert found.spec == WIDE
    assert found.logits("khuyến ạ").tolist() == wide_part().logits("khuyến ạ").tolist()


def test_what_was_kept_is_replaced(
    trained: Trained, wide: Trained, tmp_path: Path
) -> None:
    """A second run over the same folder leaves its own network and nothing else."""
    for found in (wide, trained):
        keep_trained(found, tmp_path / "network")

    assert sorted(p.name for p in (tmp_path / "network").iterdir()) == sorted(
        [WEIGHTS_FILE, CONFIG_FILE, STATE_FILE, "recipe.toml", "tokenizer.json"]
    )
    assert {p.name for p in tmp_path.iterdir()} == {"made", "network"}


@pytest.mark.parametrize("name", [WEIGHTS_FILE, CONFIG_FILE, STATE_FILE, WIDE_FILE])
@pytest.mark.parametrize("content", [None, b"", b"{}"])
def test_what_is_not_whole_is_refused(
    wide: Trained, tmp_path: Path, name: str, content: bytes | None
) -> None:
    """Without a file, or with an empty one, the error says where it looked."""
    keep_trained(wide, tmp_path / "network")
    path = tmp_path / "network" / name
    path.unlink() if content is None else path.write_bytes(content)

    with pytest.raises(CheckpointError, match="network holds no network"):
        read_trained(tmp_path / "network")


def test_folder_of_something_else_is_refused(tmp_path: Path) -> None:
    """A folder that is neither a bundle nor what training kept is no source."""
    with pytest.raises(CheckpointError, match="is no bundle"):
        read_trained(tmp_path)
