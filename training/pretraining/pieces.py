"""An encoder's weights in small pieces, to be kept or sent, and joined again."""

import hashlib
from pathlib import Path

import torch
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from safetensors.torch import load, load_file, save, save_file

from training.errors import DigestError, EncoderMissingError

PIECE_BYTES = 15 * 2**20
"""Of the largest piece: what is kept or sent by the file seldom may have 16 MB."""

MANIFEST, CONFIG, WEIGHTS, TOKENIZER = (
    "pieces.json",
    "config.json",
    "model.safetensors",
    "tokenizer.json",
)
_FORMAT = {"format": "pt"}  # transformers asks for it


class _Described(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Piece(_Described):
    """One file, by its plain name."""

    file: str = Field(pattern=r"^[\w-][\w.-]*$")
    sha256: str


class Pieces(_Described):
    """All that is needed to have the encoder again."""

    format: int = 1
    weights: tuple[Piece, ...]
    """In the order in which they are joined to one safetensors file, in fp16."""
    beside: tuple[Piece, ...]
    """Its config and tokenizer."""


def cut_encoder(folder: Path, out: Path, *, piece_bytes: int = PIECE_BYTES) -> Pieces:
    """
    Write the encoder in *folder* to *out*, in fp16, in pieces of *piece_bytes*.

    Raises:
        EncoderMissingError: If *folder* holds none.
    """
    if not (folder / WEIGHTS).exists():
        msg = f"{folder} has no {WEIGHTS}: pretraining is not over"
        raise EncoderMissingError(msg)
    tensors = {k: t.half() for k, t in load_file(folder / WEIGHTS).items()}
    whole = save(tensors, metadata=_FORMAT)
    out.mkdir(parents=True, exist_ok=True)
    weights = tuple(
        _written(out / f"weights-{n:03}.fp16", whole[at : at + piece_bytes])
        for n, at in enumerate(range(0, len(whole), piece_bytes))
    )
    beside = tuple(
        _written(out / name, (folder / name).read_bytes())
        for name in (CONFIG, TOKENIZER)
    )
    pieces = Pieces(weights=weights, beside=beside)
    (out / MANIFEST).write_text(pieces.model_dump_json(indent=2), encoding="utf-8")
    return pieces


def join_encoder(folder: Path, out: Path) -> Path:
    """
    Join the pieces in *folder* to an encoder in *out*, in fp32 again.

    Raises:
        DigestError: If a piece is missing or not what was written.
    """
    pieces = _read(folder / MANIFEST)
    whole = b"".join(_checked(folder, piece) for piece in pieces.weights)
    beside = {piece.file: _checked(folder, piece) for piece in pieces.beside}
    out.mkdir(parents=True, exist_ok=True)
    for name, content in beside.items():
        (out / name).write_bytes(content)
    tensors = {k: t.to(torch.float32) for k, t in load(whole).items()}
    save_file(tensors, out / WEIGHTS, metadata=_FORMAT)
    return out


def _written(path: Path, content: bytes) -> Piece:
    path.write_bytes(content)
    return Piece(file=path.name, sha256=hashlib.sha256(content).hexdigest())


def _read(path: Path) -> Pieces:
    try:
        return Pieces.model_validate_json(path.read_bytes())
    except (OSError, ValidationError) as e:
        msg = f"{path} does not say which pieces there are"
        raise DigestError(msg) from e


def _checked(folder: Path, piece: Piece) -> bytes:
    path = folder / piece.file
    content = path.read_bytes() if path.is_file() else b""
    if hashlib.sha256(content).hexdigest() != piece.sha256:
        msg = f"{path} is missing or not what was written: another sha256"
        raise DigestError(msg)
    return content
