"""
PhoBERT's tokenizer in the form that the Rust ``tokenizers`` read, with its very ids.

PhoBERT's merges pass through pieces that its vocabulary lacks, such as ``ấn_đề`` on
the way to ``vấn_đề``. The tokenizer tells pieces apart by their ids, so those get ids
of their own, above ``<mask>``; where one is left over, PhoBERT reads ``<unk>``. Whoever
reads the ids must do the same: with `fold_unknown`, with the same comparison at the
head of a graph, or with copies of the row of ``<unk>`` at the end of an embedding.
"""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tokenizers import AddedToken, Regex, Tokenizer
from tokenizers.decoders import BPEDecoder
from tokenizers.models import BPE
from tokenizers.pre_tokenizers import Split
from tokenizers.processors import TemplateProcessing

from kiemtin.errors import PhobertFilesError
from kiemtin.text.encode import BEGIN, END, MASK, PAD, UNKNOWN

VOCABULARY_FILE, MERGES_FILE = "vocab.txt", "bpe.codes"

_GOES_ON, _ENDS = "@@", "</w>"
"""A piece that is not the last of its word is marked in the vocabulary, the last one
in the merges."""

_BEFORE = (BEGIN, PAD, END, UNKNOWN)
"""The special tokens that stand before the vocabulary; the mask stands behind it."""

# What Python's re calls white space, and PhoBERT's reference implementation with it: a
# line feed that follows a word belongs to the word (and makes its last piece unknown).
_SPACE = "\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
_WORD = Regex(f"[^{_SPACE}]+\n?")


def build_tokenizer(folder: Path) -> Tokenizer:
    """
    Build the tokenizer of the ``vocab.txt`` and ``bpe.codes`` in *folder*.

    It computes what ``transformers.PhobertTokenizer`` does, up to `fold_unknown`.
    That one makes all merges of the lowest rank at once, this one from left to right
    with the lowest rank first. The two are the same as long as no merge makes a piece
    that an earlier merge has used, and files that break this are refused.

    Raises:
        PhobertFilesError: If the files are not there, or not a PhoBERT's.
    """
    entries = _read_vocabulary(folder / VOCABULARY_FILE)
    merges = _read_merges(folder / MERGES_FILE)
    pieces = _name_pieces(entries, merges)
    tokenizer = Tokenizer(
        BPE(vocab=pieces, merges=merges, unk_token=UNKNOWN, end_of_word_suffix=_ENDS)
    )
    tokenizer.pre_tokenizer = Split(_WORD, "removed", invert=True)
    tokenizer.decoder = BPEDecoder(_ENDS)
    tokenizer.add_special_tokens(
        [AddedToken(t, normalized=False) for t in (*_BEFORE, MASK)]
    )
    tokenizer.post_processor = TemplateProcessing(
        single=f"{BEGIN} $A {END}",
        pair=f"{BEGIN} $A {END} {END} $B {END}",
        special_tokens=[(t, pieces[t]) for t in (BEGIN, END)],
    )
    return tokenizer


def export_tokenizer(folder: Path, path: Path) -> None:
    """
    Write the tokenizer of the PhoBERT in *folder* as a ``tokenizer.json``.

    Raises:
        PhobertFilesError: If the files are not there, or not a PhoBERT's.
    """
    build_tokenizer(folder).save(str(path), pretty=False)


def fold_unknown(ids: NDArray[np.int64], mask_id: int) -> NDArray[np.int64]:
    """Return *ids* with ``<unk>`` for all above *mask_id*: PhoBERT lacks those."""
    return np.where(ids > mask_id, _BEFORE.index(UNKNOWN), ids)


def _read_vocabulary(path: Path) -> list[str]:
    """Return the entries in the order of their ids; each has its count behind it."""
    lines = [line.strip() for line in _read(path).removesuffix("\n").split("\n")]
    for n, line in enumerate(lines, start=1):
        if " " not in line:
            msg = f"{path}: line {n} is not an entry and its count"
            raise PhobertFilesError(msg)
    return [line.rpartition(" ")[0] for line in lines]


def _read_merges(path: Path) -> list[tuple[str, str]]:
    """Return the merges, best first, and refuse an order that would be ambiguous."""
    merges: list[tuple[str, str]] = []
    used: set[str] = set()
    # A line without two parts before its count has a no-break space for a part, which
    # no word holds: PhoBERT cannot make that merge either.
    for n, line in enumerate(_read(path).split("\n")[:-1], start=1):
        match line.split()[:-1]:
            case [left, right]:
                if left + right in used:
                    msg = f"{path}: line {n} makes a piece that an earlier one uses"
                    raise PhobertFilesError(msg)
                merges.append((left, right))
                used |= {left, right}
    return merges


def _name_pieces(entries: list[str], merges: list[tuple[str, str]]) -> dict[str, int]:
    """Return the ids of all pieces by the names that they have in merges."""
    names = [*_BEFORE, *map(_piece, entries), MASK]
    pieces = {name: i for i, name in enumerate(names)}
    ids = {entry: i for i, entry in enumerate([*_BEFORE, *entries, MASK])}
    if not len(pieces) == len(ids) == len(names):
        msg = f"the vocabulary of {len(entries)} entries has one of them twice"
        raise PhobertFilesError(msg)
    made = dict.fromkeys(p for a, b in merges for p in (a, b, a + b))
    if any(pieces.get(p) != ids.get(_entry(p)) for p in made):
        msg = "a merge makes a piece that reads like another one or a special token"
        raise PhobertFilesError(msg)
    lacking = [p for p in made if p not in pieces]
    return pieces | {p: i for i, p in enumerate(lacking, start=len(names))}


def _piece(entry: str) -> str:
    """Return the name in merges of an *entry* of the vocabulary."""
    goes_on = entry.endswith(_GOES_ON) and entry != _GOES_ON
    return entry.removesuffix(_GOES_ON) if goes_on else entry + _ENDS


def _entry(piece: str) -> str:
    """Return the entry of the vocabulary that PhoBERT looks up for a *piece*."""
    return piece.removesuffix(_ENDS) if piece.endswith(_ENDS) else piece + _GOES_ON


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeError) as e:
        msg = f"{path} cannot be read, or is not UTF-8"
        raise PhobertFilesError(msg) from e
