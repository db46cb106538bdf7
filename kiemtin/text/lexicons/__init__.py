"""How Vietnamese is written in chats, and what it means: tables that we keep by hand."""

from collections.abc import Iterator, Mapping
from enum import StrEnum
from importlib.resources import files
from types import MappingProxyType
from typing import NamedTuple

from kiemtin.text.syllables import is_syllable, strip_marks


class Kind(StrEnum):
    """When a reader may put what is meant in place of what is written."""

    ALWAYS = "always"
    """Wherever it stands as a word."""
    ALONE = "alone"
    """Only in small letters, between spaces or sentence marks, beside no number."""
    NEVER = "never"
    """Never: it is a word of its own, or has too many meanings. People write it."""


class Place(StrEnum):
    """The part of a syllable in which a letter is swapped."""

    ONSET = "onset"
    NUCLEUS = "nucleus"
    CODA = "coda"


class Entry(NamedTuple):
    """A chat spelling: ``written`` stands for the word or phrase ``meant``."""

    written: str
    meant: str
    kind: Kind


class Swap(NamedTuple):
    """A productive rule: in this place of a syllable ``meant`` is ``written``."""

    place: Place
    meant: str
    written: str
    kind: Kind


def read_teencode(tsv: str) -> Mapping[str, Entry]:
    """
    Return the entries of *tsv* by what is written, frozen.

    Raises:
        ValueError: If an entry is not in lower case, is written twice, or is
            meant by another: expanding twice would not be expanding once.
    """
    entries = [Entry(w, m, Kind(k)) for w, m, k in _rows(tsv, Entry)]
    lexicon = {e.written: e for e in entries}
    for number, entry in enumerate(entries, start=2):
        if lexicon[entry.written] is not entry:
            _refuse(number, entry.written, "is written twice")
        if "".join(entry[:2]) != "".join(entry[:2]).lower():
            _refuse(number, entry.written, "is not in lower case")
        for word in lexicon.keys() & {entry.meant, *entry.meant.split()}:
            _refuse(number, entry.written, f"means {word!r}, an entry itself")
    return MappingProxyType(lexicon)


def read_swaps(tsv: str) -> tuple[Swap, ...]:
    """Return the rules of *tsv*, in order."""
    return tuple(
        Swap(Place(place), meant, written, Kind(kind))
        for place, meant, written, kind in _rows(tsv, Swap)
    )


def _rows(tsv: str, shape: type[Entry | Swap]) -> Iterator[list[str]]:
    head, *lines = tsv.splitlines()
    if tuple(head.split("\t")) != shape._fields:
        _refuse(1, head, f"is not the head of {', '.join(shape._fields)}")
    for number, line in enumerate(lines, start=2):
        cells = line.split("\t")
        if len(cells) != len(shape._fields) or not all(cells):
            _refuse(number, line, f"has not {len(shape._fields)} cells")
        yield cells


def _refuse(number: int, what: str, why: str) -> None:
    msg = f"line {number}: {what!r} {why}"
    raise ValueError(msg)


def _text(name: str) -> str:
    return (files(__name__) / name).read_text(encoding="utf-8")


TEENCODE = read_teencode(_text("teencode.tsv"))
"""Every entry by what is written, in lower case and in Unicode NFC."""

SWAPS = read_swaps(_text("letter_swaps.tsv"))
"""Which letters are swapped for which, in every word."""

_SAFE = tuple(s for s in SWAPS if s.kind is not Kind.NEVER)


def respell(word: str) -> str | None:
    """
    Return *word*, in lower case, with one letter swapped back, None if none is.

    Only where the word has a Vietnamese mark and becomes a syllable: khôg and fải are
    read as không and phải, "fan" is left alone. No syllable is changed, since none
    begins or ends with a letter that is swapped back.
    """
    if strip_marks(word) == word:
        return None
    read = (_swapped_back(word, s) for s in _SAFE)
    return next((r for r in read if r is not None and is_syllable(r)), None)


def _swapped_back(word: str, swap: Swap) -> str | None:
    if swap.place is Place.ONSET and word.startswith(swap.written):
        return swap.meant + word.removeprefix(swap.written)
    if swap.place is Place.CODA and word.endswith(swap.written):
        return word.removesuffix(swap.written) + swap.meant
    return None
