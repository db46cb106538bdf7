"""Pieces of words with gaps between them, and what they say when they are joined."""

from collections.abc import Iterable, Iterator
from itertools import pairwise

from kiemtin.text.lexicons.hidden import HIDDEN, LOANS
from kiemtin.text.offsets import Edit
from kiemtin.text.spelling import read_syllables


def read_letters(letters: str) -> list[int]:
    """Return after how many of *letters* each word of them ends, empty for no word."""
    word = letters.lower()
    if word in LOANS or word in HIDDEN:
        return [len(word)]
    return read_syllables(word) if len(word) == len(letters) else []


def join_letters(places: Iterable[int], ends: list[int]) -> Iterator[Edit]:
    """Yield an edit for each gap between letters at *places*, a space where one ends."""
    last = set(ends)
    for i, (one, two) in enumerate(pairwise(places), start=1):
        if two > one + 1:
            yield Edit(one + 1, two, " " if i in last else "")
