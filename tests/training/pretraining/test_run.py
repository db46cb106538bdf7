"""One command does everything, each stage can be run alone, and none runs twice."""

from pathlib import Path

import pytest
from tokenizers import Tokenizer
from transformers import RobertaModel

from training.errors import DigestError, EncoderMissingError
from training.pretraining.pieces import join_encoder
from training.pretraining.recipe import PretrainRecipe, RowShare
from training.pretraining.rehearsal import rehearse, rehearsed
from training.pretraining.run import PIECES, RECIPE, pretrain
from training.pretraining.shards import read_manifest
from training.pretraining.stages import CHECKPOINT, SHARDS, TOKENIZER, Stage
from training.recipes import load_recipe

SMOKE = load_recipe("pretrain-smoke", PretrainRecipe)
LITTLE = rehearsed(SMOKE)
MOMENT = 1e-9


def _state(folder: Path) -> dict[str, int]:
    return {p.name: p.stat().st_mtime_ns for p in folder.rglob("*") if p.is_file()}


def test_stages_can_be_run_alone(raw_text: Path, tmp_path: Path) -> None:
    """Each stage leaves its own files, and asks for those of the one before."""
    with pytest.raises(EncoderMissingError, match="the stage tokenizer makes it"):
        pretrain(LITTLE, raw_text, tmp_path, stages=[Stage.SHARDS])
    with pytest.raises(DigestError, match="not written"):
        pretrain(LITTLE, raw_text, tmp_path, stages=[Stage.TRAIN])

    pretrain(LITTLE, raw_text, tmp_path, stages=[Stage.TOKENIZER])
    assert set(_state(tmp_path)) == {RECIPE, TOKENIZER}
    pretrain(LITTLE, raw_text, tmp_path, stages=[Stage.SHARDS])
    assert (tmp_path / SHARDS / "shards.json").exists()
    pretrain(LITTLE, raw_text, tmp_path, stages=[Stage.TRAIN])
    assert not (tmp_path / PIECES).exists()
    pretrain(LITTLE, raw_text, tmp_path, stages=[Stage.PIECES])
    assert (tmp_path / PIECES / "pieces.json").exists()


def test_training_needs_no_raw_text(raw_text: Path, tmp_path: Path) -> None:
    """With its shards a run goes on where the text is not, such as another machine."""
    made = [Stage.TOKENIZER, Stage.SHARDS]
    pretrain(LITTLE, raw_text, tmp_path, stages=made)

    pretrain(LITTLE, tmp_path / "nowhere", tmp_path)

    assert (tmp_path / "model.safetensors").exists()


def test_a_session_ends_before_the_run(raw_text: Path, tmp_path: Path) -> None:
    """A stopped run has a checkpoint and no encoder; the same command goes on."""
    pretrain(LITTLE, raw_text, tmp_path, session_minutes=MOMENT)
    assert (tmp_path / CHECKPOINT).exists()
    assert not (tmp_path / "model.safetensors").exists()
    before = _state(tmp_path / SHARDS)

    pretrain(LITTLE, raw_text, tmp_path)

    assert (tmp_path / "model.safetensors").exists()
    assert _state(tmp_path / SHARDS) == before


def test_shards_are_made_anew_for_another_recipe(
    raw_text: Path, tmp_path: Path
) -> None:
    """Other text makes other shards; another learning rate does not."""
    made = [Stage.TOKENIZER, Stage.SHARDS]
    pretrain(LITTLE, raw_text, tmp_path, stages=made)
    first = read_manifest(tmp_path / SHARDS)
    section = LITTLE.masked_lm.model_copy(update={"learning_rate": 0.1})

    slower = LITTLE.model_copy(update={"masked_lm": section})
    pretrain(slower, raw_text, tmp_path, stages=made)
    assert read_manifest(tmp_path / SHARDS) == first
    bare = LITTLE.model_copy(update={"stripped": 1.0})
    pretrain(bare, raw_text, tmp_path, stages=made)

    second = read_manifest(tmp_path / SHARDS)
    assert first is not None
    assert second is not None
    assert second.made_of != first.made_of


def test_examined_texts_are_left_out(
    raw_text: Path, prepared: Path, tmp_path: Path
) -> None:
    """The train rows are learnt from; those that copy an examined row are not."""
    recipe = LITTLE.model_copy(update={"avoid": True, "rows": RowShare(times=1)})

    pretrain(
        recipe, raw_text, tmp_path, prepared=prepared, stages=["tokenizer", "shards"]
    )

    shards = read_manifest(tmp_path / SHARDS)
    assert shards is not None
    assert shards.tokens["rows"] > 0


def test_one_encoder_starts_from_another(
    encoder_folder: Path, raw_text: Path, tmp_path: Path
) -> None:
    """A start gives its tokenizer and its weights, which hardly change in a step."""
    section = SMOKE.masked_lm.model_copy(update={"epochs": 0.02, "learning_rate": 1e-7})
    recipe = SMOKE.model_copy(update={"masked_lm": section})

    pretrain(recipe, raw_text, tmp_path, start=encoder_folder)

    assert (tmp_path / TOKENIZER).read_bytes() == (
        encoder_folder / TOKENIZER
    ).read_bytes()
    first, second = (
        RobertaModel.from_pretrained(f, add_pooling_layer=False).state_dict()
        for f in (encoder_folder, tmp_path)
    )
    assert all((first[k] - second[k]).abs().max() < 1e-4 for k in first)


def test_what_is_made_is_a_checkpoint(encoder_folder: Path, tmp_path: Path) -> None:
    """Fine-tuning finds config, weights and tokenizer, of one size; pieces lie beside."""
    model = RobertaModel.from_pretrained(encoder_folder, add_pooling_layer=False)
    tokenizer = Tokenizer.from_file(str(encoder_folder / TOKENIZER))

    assert model.config.vocab_size == tokenizer.get_vocab_size()
    assert join_encoder(encoder_folder / PIECES, tmp_path / "joined").exists()


@pytest.mark.slow
def test_everything_can_be_rehearsed(raw_text: Path, tmp_path: Path) -> None:
    """A rehearsal makes, stops, resumes, cuts and joins, with every word of the recipe."""
    joined = rehearse(SMOKE, raw_text, tmp_path)

    assert (joined / "model.safetensors").exists()
    shards = read_manifest(tmp_path / SHARDS)
    assert shards is not None
    assert sum(shards.tokens.values()) < 150_000
