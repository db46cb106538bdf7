"""An encoder is found wherever it may be, in one form; what does not fit is refused."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file
from tokenizers import Tokenizer

from kiemtin.bundles import COMPACT
from kiemtin.errors import BundleError
from tests.fixtures.small_hub import serving_model
from tests.fixtures.tiny_phobert import WINDOW_TOKENS, write_tiny_phobert
from training.errors import EncoderMissingError, RecipeError
from training.finetuning.encoders import FILES, resolve_encoder
from training.finetuning.model import MultiHeadClassifier, load_encoder
from training.recipes import TrainRecipe, load_recipe

RECIPE = load_recipe("smoke", TrainRecipe)


@pytest.fixture(scope="module")
def phobert(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkpoint like PhoBERT's; not to be changed."""
    return write_tiny_phobert(tmp_path_factory.mktemp("phobert") / "tiny")


def test_phobert_gets_its_tokenizer(phobert: Path, tmp_path: Path) -> None:
    """A folder as PhoBERT is published is read, and nothing is written into it."""
    before = sorted(phobert.iterdir())

    found = resolve_encoder(phobert, RECIPE, tmp_path)

    assert all((found / name).is_file() for name in FILES)
    assert sorted(phobert.iterdir()) == before


def test_pieces_beyond_the_table_are_unknown(phobert: Path, tmp_path: Path) -> None:
    """A piece that PhoBERT lacks is read as <unk> in the network itself, as PhoBERT does."""
    found = resolve_encoder(phobert, RECIPE, tmp_path)
    n_tokens = Tokenizer.from_file(str(found / "tokenizer.json")).get_vocab_size()
    encoder = load_encoder(found, dropout=0.0, attention="eager")
    model = MultiHeadClassifier(encoder, n_corpora=1, dropout=0.0, n_tokens=n_tokens)
    n_known = encoder.config.vocab_size
    lacking = torch.tensor([[0, n_known, n_tokens - 1, 7, 2]])
    unknown = torch.tensor([[0, 3, 3, 7, 2]])
    mask = torch.ones_like(lacking)

    with torch.inference_mode():
        logits = model.eval()(lacking, mask)

        assert n_tokens > n_known
        torch.testing.assert_close(logits, model(unknown, mask), rtol=0, atol=0)


def test_pretrained_encoder_is_found_by_its_recipe(
    encoder_folder: Path, tmp_path: Path
) -> None:
    """The name of a pretraining recipe is the folder that it left."""
    shutil.copytree(encoder_folder, tmp_path / "pretrain-smoke")

    found = resolve_encoder("pretrain-smoke", RECIPE, tmp_path)

    assert found == tmp_path / "pretrain-smoke"


def test_bundle_is_unpacked_once(tmp_path: Path) -> None:
    """The encoder of a bundle is taken out, and found again the next time."""
    first = resolve_encoder(COMPACT, RECIPE, tmp_path)
    made = (first / "model.safetensors").stat().st_mtime_ns

    again = resolve_encoder(COMPACT, RECIPE, tmp_path)

    assert again == first
    assert (again / "model.safetensors").stat().st_mtime_ns == made


def test_changed_bundle_is_refused(tmp_path: Path) -> None:
    """An encoder is not taken out of a bundle that is not what its manifest says."""
    bundle = Path(shutil.copytree(COMPACT, tmp_path / "bundle"))
    (bundle / "recipe.toml").write_text("")

    with pytest.raises(BundleError):
        resolve_encoder(bundle, RECIPE, tmp_path / "interim")


def test_missing_encoder_says_what_to_do(tmp_path: Path) -> None:
    """Who has no encoder learns which command makes it."""
    with pytest.raises(EncoderMissingError, match="kiemtin pretrain --recipe nothing"):
        resolve_encoder("nothing", RECIPE, tmp_path)


def test_pickles_of_a_folder_are_refused(phobert: Path, tmp_path: Path) -> None:
    """Weights that somebody pickled into a folder are not opened."""
    folder = Path(shutil.copytree(phobert, tmp_path / "pickled"))
    (folder / "model.safetensors").rename(folder / "pytorch_model.bin")

    with pytest.raises(EncoderMissingError, match="safetensors only"):
        resolve_encoder(folder, RECIPE, tmp_path / "interim")


def test_other_kinds_are_refused(phobert: Path, tmp_path: Path) -> None:
    """What counts positions in another way than RoBERTa is no encoder for us."""
    folder = Path(shutil.copytree(phobert, tmp_path / "bert"))
    config = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps({**config, "model_type": "bert"}))

    with pytest.raises(EncoderMissingError, match="bert"):
        resolve_encoder(folder, RECIPE, tmp_path / "interim")


def test_foreign_tokenizer_is_refused(encoder_folder: Path, tmp_path: Path) -> None:
    """A tokenizer without our special tokens cannot begin or end a window."""
    folder = Path(shutil.copytree(encoder_folder, tmp_path / "foreign"))
    text = (folder / "tokenizer.json").read_text()
    (folder / "tokenizer.json").write_text(text.replace("<s>", "[CLS]"))

    with pytest.raises(EncoderMissingError, match="<s>"):
        resolve_encoder(folder, RECIPE, tmp_path / "interim")


def test_windows_must_fit_the_positions(phobert: Path, tmp_path: Path) -> None:
    """A window longer than the encoder reads is refused, with both numbers."""
    too_long = RECIPE.window.model_copy(update={"tokens": WINDOW_TOKENS + 1})
    recipe = RECIPE.model_copy(update={"window": too_long})

    with pytest.raises(RecipeError, match="is 65, but tiny has positions for 64"):
        resolve_encoder(phobert, recipe, tmp_path)


def _resolve_elsewhere(
    name: str, into: Path, hub: str
) -> subprocess.CompletedProcess[str]:
    """Resolve an encoder in a process that knows another hub."""
    code = """
import sys
from pathlib import Path
from training.errors import EncoderMissingError
from training.finetuning.encoders import resolve_encoder
from training.recipes import TrainRecipe, load_recipe
try:
    print(resolve_encoder(sys.argv[1], load_recipe("smoke", TrainRecipe), Path(sys.argv[2])))
except EncoderMissingError as e:
    sys.exit(str(e))
"""
    env = {**os.environ, "HF_ENDPOINT": hub, "HF_HOME": str(into / "cache")}
    return subprocess.run(
        [sys.executable, "-c", code, name, str(into)],
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.slow
def test_model_of_the_hub_is_kept_as_safetensors(phobert: Path, tmp_path: Path) -> None:
    """A model that is published as a pickle is fetched once; no pickle is kept."""
    published = tmp_path / "published"
    shutil.copytree(phobert, published)
    weights = load_file(published / "model.safetensors")
    torch.save(weights, published / "pytorch_model.bin")
    (published / "model.safetensors").unlink()

    with serving_model("vinai/tiny", published) as hub:
        first = _resolve_elsewhere("vinai/tiny", tmp_path, hub)
    again = _resolve_elsewhere("vinai/tiny", tmp_path, "http://127.0.0.1:9")

    kept = load_file(Path(first.stdout.split("\n")[-2]) / "model.safetensors")
    assert first.stdout.split("\n")[-2] == again.stdout.split("\n")[-2]
    assert not list((tmp_path / "hub").rglob("*.bin"))
    assert kept.keys() == weights.keys()
    assert all(torch.equal(kept[k], weights[k]) for k in kept)


@pytest.mark.slow
def test_hub_out_of_reach_says_what_to_do(tmp_path: Path) -> None:
    """Without network the error is ours, soon, and nothing half is left."""
    done = _resolve_elsewhere("vinai/tiny", tmp_path, "http://127.0.0.1:9")

    assert "--encoder" in done.stderr
    assert not (tmp_path / "hub").exists()
