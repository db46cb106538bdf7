"""Weights are cut into small pieces, and joined only if every byte is there."""

import json
from pathlib import Path

import pytest
import torch

from training.errors import DigestError, EncoderMissingError
from training.pretraining.masked_lm import load_model, new_model
from training.pretraining.pieces import PIECE_BYTES, cut_encoder, join_encoder
from training.pretraining.recipe import PretrainRecipe
from training.pretraining.tokenizer import train_tokenizer
from training.recipes import load_recipe

SHAPE = load_recipe("pretrain-smoke", PretrainRecipe).shape


@pytest.fixture(scope="module")
def encoder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An untrained encoder with its tokenizer."""
    folder = tmp_path_factory.mktemp("encoder")
    new_model(SHAPE).save_pretrained(folder)
    tokenizer = train_tokenizer(["đẹp quá"] * 20, vocab_size=400)
    tokenizer.save(str(folder / "tokenizer.json"))
    return folder


@pytest.fixture
def pieces(encoder: Path, tmp_path: Path) -> Path:
    """The same in pieces of 50 kB."""
    cut_encoder(encoder, tmp_path / "pieces", piece_bytes=50_000)
    return tmp_path / "pieces"


def test_what_is_cut_can_be_joined(encoder: Path, pieces: Path, tmp_path: Path) -> None:
    """The joined encoder is the one that was cut, as near as fp16 comes."""
    joined = load_model(join_encoder(pieces, tmp_path / "joined"), SHAPE)

    for name, weight in load_model(encoder, SHAPE).state_dict().items():
        assert torch.equal(joined.state_dict()[name], weight.half().float()), name
    for name in ("tokenizer.json", "config.json"):
        assert (tmp_path / "joined" / name).read_bytes() == (
            encoder / name
        ).read_bytes()


def test_pieces_are_small(pieces: Path) -> None:
    """No piece is larger than it was to be, and by default less than 16 MB."""
    sizes = [p.stat().st_size for p in pieces.glob("weights-*")]

    assert len(sizes) > 2
    assert max(sizes) == 50_000
    assert PIECE_BYTES < 16_000_000


@pytest.mark.parametrize("harm", ["changed", "gone", "swapped"])
@pytest.mark.parametrize("name", ["weights-001.fp16", "tokenizer.json"])
def test_another_byte_is_noticed(
    pieces: Path, tmp_path: Path, name: str, harm: str
) -> None:
    """A piece that is missing, broken or another one is named, and nothing is joined."""
    content = (pieces / name).read_bytes()
    (pieces / name).unlink()
    if harm == "changed":
        (pieces / name).write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    elif harm == "swapped":
        (pieces / name).write_bytes((pieces / "weights-000.fp16").read_bytes())

    with pytest.raises(DigestError, match=name):
        join_encoder(pieces, tmp_path / "joined")
    assert not (tmp_path / "joined").exists()


def test_a_piece_stays_in_its_folder(pieces: Path, tmp_path: Path) -> None:
    """A manifest that names a file elsewhere is refused."""
    manifest = json.loads((pieces / "pieces.json").read_text())
    manifest["beside"][0]["file"] = "../config.json"
    (pieces / "pieces.json").write_text(json.dumps(manifest))

    with pytest.raises(DigestError, match=r"pieces\.json"):
        join_encoder(pieces, tmp_path / "joined")


def test_a_folder_without_pieces_is_an_error(tmp_path: Path) -> None:
    """Where there is no manifest, nothing is joined."""
    with pytest.raises(DigestError, match=r"pieces\.json"):
        join_encoder(tmp_path, tmp_path / "joined")


def test_a_run_that_is_not_over_has_no_pieces(tmp_path: Path) -> None:
    """Without weights there is nothing to cut."""
    with pytest.raises(EncoderMissingError, match="not over"):
        cut_encoder(tmp_path, tmp_path / "pieces")
