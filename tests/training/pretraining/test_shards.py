"""Shards keep every token, in order, and show when a byte is changed."""

import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.errors import DigestError
from training.pretraining.shards import (
    MANIFEST,
    SHARD_TOKENS,
    UNPACKED,
    open_tokens,
    read_manifest,
    sequences,
    write_shards,
)

DOCUMENTS = [("news", np.arange(n, dtype=np.uint16)) for n in (5, 0, 70, 3, 40)]


@given(
    st.lists(st.lists(st.integers(0, 2**16 - 1), max_size=30), max_size=12),
    st.integers(1, 40),
)
def test_tokens_come_back(documents: list[list[int]], shard_tokens: int) -> None:
    """What is written is read back, whatever the size of a shard."""
    arrays = [("some", np.array(d, np.uint16)) for d in documents]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "shards"

        written = write_shards(arrays, folder, made_of="x", shard_tokens=shard_tokens)
        shards, tokens = open_tokens(folder)

        assert shards == written == read_manifest(folder)
        assert tokens.tolist() == [t for d in documents for t in d]
        assert all(s.tokens <= shard_tokens for s in shards.shards)
        assert (shards.documents, shards.left_out) == (
            sum(map(bool, documents)),
            sum(not d for d in documents),
        )


def test_a_shard_is_never_too_large_to_keep(tmp_path: Path) -> None:
    """Even tokens that cannot be compressed make less than 60 MB."""
    ids = np.random.default_rng(0).integers(0, 2**16, 100_000).astype(np.uint16)

    write_shards([("noise", ids)], tmp_path / "s", made_of="x")

    size = (tmp_path / "s" / "tokens-0000.u16.xz").stat().st_size
    assert size / len(ids) * SHARD_TOKENS < 60_000_000


@pytest.mark.parametrize("harm", ["changed", "gone"])
def test_another_shard_is_refused(tmp_path: Path, harm: str) -> None:
    """A shard that is not what was written is never trained on."""
    write_shards(DOCUMENTS, tmp_path / "s", made_of="x", shard_tokens=50)
    path = tmp_path / "s" / "tokens-0001.u16.xz"
    if harm == "gone":
        path.unlink()
    else:
        path.write_bytes(path.read_bytes()[::-1])

    with pytest.raises(DigestError, match="tokens-0001"):
        open_tokens(tmp_path / "s")
    assert not (tmp_path / "s" / UNPACKED).exists()


def test_shards_that_are_not_whole_are_not_there(tmp_path: Path) -> None:
    """Without its manifest, which is written last, a folder has no shards."""
    write_shards(DOCUMENTS, tmp_path / "s", made_of="x")
    (tmp_path / "s" / MANIFEST).unlink()

    assert read_manifest(tmp_path / "s") is None
    with pytest.raises(DigestError, match=r"shards\.json"):
        open_tokens(tmp_path / "s")


def test_a_manifest_of_something_else_is_refused(tmp_path: Path) -> None:
    """A manifest that cannot be read says how to get rid of it."""
    (tmp_path / MANIFEST).write_text('{"format": 1}')

    with pytest.raises(DigestError, match="remove"):
        read_manifest(tmp_path)


def test_rows_are_packed() -> None:
    """Tokens fill rows of one length; the rest, shorter than a row, is dropped."""
    rows = sequences(np.arange(11, dtype=np.uint16), 4)

    assert rows.tolist() == [[0, 1, 2, 3], [4, 5, 6, 7]]
