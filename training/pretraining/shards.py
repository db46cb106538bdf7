"""Token shards: the corpus as uint16, compressed, with checksums."""

import hashlib
import lzma
import shutil
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, ValidationError

from training.errors import DigestError
from training.pretraining.encoding import Tokens

SHARD_TOKENS = 25_000_000
"""Of one shard: 50 MB before it is compressed, so always less than 60 MB."""
MANIFEST = "shards.json"
UNPACKED = "tokens.u16"

_PRESET = 1
"""Of xz: higher ones take several times as long, for a twentieth less."""


class _Described(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Shard(_Described):
    """One file of tokens."""

    file: str
    tokens: int
    sha256: str


class Shards(_Described):
    """What was written, and of what."""

    format: int = 1
    made_of: str
    """The digest of the recipe's keys that decide the tokens, and of the tokenizer."""
    documents: int
    left_out: int
    """Documents that touch a text that must not be seen, or of which nothing is left."""
    tokens: dict[str, int]
    """By source."""
    shards: tuple[Shard, ...]


def write_shards(
    documents: Iterable[Tokens],
    folder: Path,
    *,
    made_of: str,
    shard_tokens: int = SHARD_TOKENS,
) -> Shards:
    """Write *documents* to *folder*, at most a shard of them in memory at a time."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    tokens: Counter[str] = Counter()
    fates: Counter[bool] = Counter()

    def counted() -> Iterator[NDArray[np.uint16]]:
        for source, ids in documents:
            tokens[source] += len(ids)
            fates[len(ids) > 0] += 1
            yield ids

    blocks = _blocks(counted(), shard_tokens)
    shards = tuple(_write(block, folder, n) for n, block in enumerate(blocks))
    written = Shards(
        made_of=made_of,
        documents=fates[True],
        left_out=fates[False],
        tokens=dict(tokens),
        shards=shards,
    )
    # Written last: a folder without it is not whole.
    (folder / MANIFEST).write_text(written.model_dump_json(indent=2), encoding="utf-8")
    return written


def read_manifest(folder: Path) -> Shards | None:
    """
    Return what *folder* says of its shards, None if there are none.

    Raises:
        DigestError: If it cannot be read.
    """
    path = folder / MANIFEST
    if not path.exists():
        return None
    try:
        return Shards.model_validate_json(path.read_bytes())
    except ValidationError as e:
        msg = f"{path} is no manifest of shards; remove {folder} to make them anew"
        raise DigestError(msg) from e


def open_tokens(folder: Path) -> tuple[Shards, NDArray[np.uint16]]:
    """
    Return the manifest of *folder* and all its tokens, mapped from the disk.

    They are unpacked beside the shards once.

    Raises:
        DigestError: If a shard is missing or not what was written.
    """
    shards = read_manifest(folder)
    if shards is None:
        msg = f"{folder} has no {MANIFEST}: its shards are not written"
        raise DigestError(msg)
    path, n_tokens = folder / UNPACKED, sum(s.tokens for s in shards.shards)
    if not path.exists() or path.stat().st_size != 2 * n_tokens:
        aside = path.with_suffix(".tmp")
        with aside.open("wb") as f:
            for shard in shards.shards:
                f.write(_unpack(folder / shard.file, shard))
        aside.replace(path)
    if not n_tokens:
        # An empty file cannot be mapped.
        return shards, np.zeros(0, np.uint16)
    return shards, np.memmap(path, dtype="<u2", mode="r")


def sequences(tokens: NDArray[np.uint16], length: int) -> NDArray[np.uint16]:
    """Return *tokens* packed into rows of *length*, the rest dropped."""
    n = len(tokens) // length
    return tokens[: n * length].reshape(n, length)


def _blocks(
    pieces: Iterable[NDArray[np.uint16]], size: int
) -> Iterator[NDArray[np.uint16]]:
    """Yield the tokens of *pieces* in blocks of *size*, the last one shorter."""
    held: list[NDArray[np.uint16]] = []
    n_held = 0
    for piece in pieces:
        held.append(piece)
        n_held += len(piece)
        while n_held >= size:
            joined = np.concatenate(held)
            yield joined[:size]
            held, n_held = [joined[size:]], n_held - size
    if n_held:
        yield np.concatenate(held)


def _write(block: NDArray[np.uint16], folder: Path, n: int) -> Shard:
    path = folder / f"tokens-{n:04}.u16.xz"
    packed = lzma.compress(block.astype("<u2").tobytes(), preset=_PRESET)
    path.write_bytes(packed)
    digest = hashlib.sha256(packed).hexdigest()
    return Shard(file=path.name, tokens=len(block), sha256=digest)


def _unpack(path: Path, shard: Shard) -> bytes:
    packed = path.read_bytes() if path.exists() else b""
    if hashlib.sha256(packed).hexdigest() != shard.sha256:
        msg = f"{path} is not what was written: another sha256"
        raise DigestError(msg)
    return lzma.decompress(packed)
