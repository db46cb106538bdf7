"""Where an encoder comes from: our own, a folder, a bundle or the hub; in one form."""

import shutil
from pathlib import Path

from accelerate import PartialState
from tokenizers import Tokenizer
from transformers import AutoConfig

from kiemtin.bundle import bundle_digest
from kiemtin.errors import BundleCorruptError
from kiemtin.manifest import MANIFEST_FILE, TOKENIZER_FILE
from kiemtin.text import Encoder, WindowSpec
from kiemtin.text.encode import UNKNOWN
from kiemtin.text.phobert import MERGES_FILE, VOCABULARY_FILE, export_tokenizer
from training.errors import EncoderMissingError, RecipeError
from training.finetuning.hub import download, is_hub_name
from training.finetuning.model import UNKNOWN_ID, require_roberta
from training.finetuning.unpacking import unpack_encoder
from training.recipes import TrainRecipe

CONFIG_FILE, WEIGHTS_FILE = "config.json", "model.safetensors"
FILES = (CONFIG_FILE, WEIGHTS_FILE, TOKENIZER_FILE)


def resolve_encoder(name: str | Path, recipe: TrainRecipe, into: Path) -> Path:
    """
    Return a folder with the encoder called *name*: its config, weights and tokenizer.

    Args:
        name: A recipe of ``kiemtin pretrain``, a folder with a checkpoint or a bundle,
            or a model of the hub such as ``vinai/phobert-base``.
        recipe: Whose windows it must be able to read.
        into: Where pretraining leaves its encoders, and where others are brought into
            the form that is wanted; nothing is ever written beside the original.

    Raises:
        EncoderMissingError: If there is none, or it is not like a RoBERTa.
        RecipeError: If the windows of the recipe are longer than it can read.
        BundleError: If it is a bundle that is not whole.
        PhobertFilesError: If its vocab.txt and bpe.codes are not a PhoBERT's.
    """
    with PartialState().main_process_first():
        folder = _find(str(name), into)
    _require_fit(folder, recipe)
    return folder


def _find(name: str, into: Path) -> Path:
    path = Path(name)
    if (path / MANIFEST_FILE).is_file():
        return _unpacked(path, into)
    if path.is_dir():
        return _with_tokenizer(path, into)
    if (into / name / CONFIG_FILE).is_file():
        return _with_tokenizer(into / name, into)
    if is_hub_name(name):
        return _with_tokenizer(download(name, into / "hub"), into)
    msg = (
        f"there is no encoder {name}: neither a folder, nor anything in {into}; make it"
        f" first with `kiemtin pretrain --recipe {name}`, or name a checkpoint, a bundle"
        " or a model of the hub by --encoder"
    )
    raise EncoderMissingError(msg)


def _unpacked(bundle: Path, into: Path) -> Path:
    digest = bundle_digest(bundle).removeprefix("sha256:")[:12]
    out = into / "unpacked" / f"{bundle.resolve().name}-{digest}"
    if not _is_whole(out):
        # Renamed when all of it is there: a stop must leave no half of an encoder.
        aside = out.with_name(f".{out.name}.tmp")
        shutil.rmtree(aside, ignore_errors=True)
        unpack_encoder(bundle, aside)
        shutil.rmtree(out, ignore_errors=True)
        aside.rename(out)
    return out


def _with_tokenizer(folder: Path, into: Path) -> Path:
    """
    Return *folder*, or one with its tokenizer in the form that we read.

    A PhoBERT's own files come first: what others made of them reads some words wrongly.
    """
    for name in (CONFIG_FILE, WEIGHTS_FILE):
        if not (folder / name).is_file():
            msg = f"{folder} has no {name}; weights are read as safetensors only"
            raise EncoderMissingError(msg)
    if not (folder / MERGES_FILE).is_file():
        if (folder / TOKENIZER_FILE).is_file():
            return folder
        names = f"{TOKENIZER_FILE}, nor {VOCABULARY_FILE} and {MERGES_FILE}"
        msg = f"{folder} has no {names} of a PhoBERT"
        raise EncoderMissingError(msg)
    out = into / "with_tokenizer" / folder.resolve().name
    out.mkdir(parents=True, exist_ok=True)
    for name in (CONFIG_FILE, WEIGHTS_FILE):
        (out / name).unlink(missing_ok=True)
        (out / name).symlink_to((folder / name).resolve())
    export_tokenizer(folder, out / TOKENIZER_FILE)
    return out


def _is_whole(folder: Path) -> bool:
    return all((folder / name).is_file() for name in FILES)


def _require_fit(folder: Path, recipe: TrainRecipe) -> None:
    """Refuse an encoder that the network or the windows of the recipe do not fit."""
    require_roberta(folder)
    config = AutoConfig.from_pretrained(folder, local_files_only=True)
    tokenizer = folder / TOKENIZER_FILE
    window = recipe.window
    try:
        Encoder.from_file(tokenizer, WindowSpec(window.tokens, window.overlap, 1))
    except BundleCorruptError as e:
        msg = f"{folder}: {e}"
        raise EncoderMissingError(msg) from e
    if Tokenizer.from_file(str(tokenizer)).token_to_id(UNKNOWN) != UNKNOWN_ID:
        msg = f"{tokenizer}: {UNKNOWN} is not token {UNKNOWN_ID}, as RoBERTa has it"
        raise EncoderMissingError(msg)
    # As RoBERTa counts them, positions begin behind the id of the padding.
    longest = config.max_position_embeddings - (config.pad_token_id or 0) - 1
    if window.tokens > longest:
        msg = (
            f"window.tokens is {window.tokens}, but {folder.name} has positions for"
            f" {longest} tokens"
        )
        raise RecipeError(msg)
