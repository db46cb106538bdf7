"""A model of the Hugging Face hub, fetched once and kept as safetensors."""

import re
import shutil
from pathlib import Path

import structlog
from huggingface_hub import snapshot_download
from transformers import AutoModel

from kiemtin.manifest import TOKENIZER_FILE
from kiemtin.text.phobert import MERGES_FILE, VOCABULARY_FILE
from training.errors import EncoderMissingError
from training.finetuning.model import require_roberta

log = structlog.get_logger()

_NAME = re.compile(r"[\w.-]+/[\w.-]+")
_TOKENIZERS = (TOKENIZER_FILE, VOCABULARY_FILE, MERGES_FILE)
_SAFE, _PICKLED = "model*.safetensors", "pytorch_model*.bin"


def is_hub_name(name: str) -> bool:
    """Return whether *name* is an owner and a model, as the hub calls them."""
    return bool(_NAME.fullmatch(name))


def download(name: str, into: Path) -> Path:
    """
    Return the folder of the model called *name*, fetched if it is not there yet.

    Older models are pickles. Those are read by transformers, which takes tensors out of
    them and runs nothing; what is kept is safetensors.

    Raises:
        EncoderMissingError: If there is no such model, or no way to it.
    """
    out = into / name.replace("/", "--")
    if out.is_dir():
        return out
    try:
        fetched = _fetch(name)
    except Exception as e:  # the ways in which a network fails are of many libraries
        msg = (
            f"{name} could not be fetched from the hub ({type(e).__name__}); without"
            " network, fetch it where there is one and name its folder by --encoder"
        )
        raise EncoderMissingError(msg) from e
    _keep(fetched, out)
    log.info("fetched", model=name, revision=fetched.name)
    return out


def _fetch(name: str) -> Path:
    """Return the folder where the hub's own library keeps it, called as its revision."""
    wanted = ["config.json", *_TOKENIZERS]
    folder = Path(snapshot_download(name, allow_patterns=[*wanted, _SAFE]))
    if not any(folder.glob(_SAFE)):
        folder = Path(snapshot_download(name, allow_patterns=[*wanted, _PICKLED]))
    return folder


def _keep(fetched: Path, out: Path) -> None:
    require_roberta(fetched)
    aside = out.with_name(f".{out.name}.tmp")
    shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir(parents=True)
    model = AutoModel.from_pretrained(
        fetched, local_files_only=True, add_pooling_layer=False
    )
    model.save_pretrained(aside)
    for name in _TOKENIZERS:
        if (fetched / name).is_file():
            shutil.copy(fetched / name, aside / name)
    aside.rename(out)
