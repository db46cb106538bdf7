"""Stretched letters and piled-up signs (nguuuu, quáaaa, !!!!!!) become short."""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import groupby
from typing import NamedTuple

from kiemtin.text.lexicons import TEENCODE
from kiemtin.text.offsets import Edit
from kiemtin.text.spelling import TONELESS, TONES, is_spelled
from kiemtin.text.syllables import strip_marks

# Three of anything, or two of a vowel that may belong to one with a tone.
_STRETCH = re.compile(r"(.)\1(?:\1+|(?<=[aeiouyAEIOUY]))")
_RUN = re.compile(r"(.)\1{2,}")
_WORD = re.compile(r"[^\W\d_]+")
_MOST_SIGNS = 3
"""Signs keep three, which still shouts; letters one, a word of one letter three."""

# Chapter VIII, the fire brigade's PCCC: what has a letter three times all the same.
_ROMAN = re.compile(
    r"m*(?:cm|cd|d?c{0,3})(?:xc|xl|l?x{0,3})(?:ix|iv|v?i{0,3})[a-d]?", re.IGNORECASE
)
_ACRONYM = 6
_NAMES = frozenset({"ieee", "unfccc", "rsssf"})
_VOWELS = frozenset("aeiouy")
_FINAL = frozenset("aiuy")
"""What is doubled at the end of a word only to stretch it: "too" and "app" are words."""
_THRICE = 3
_LONGEST = 40
"""A longer word is none: its stretches are cut, and nothing more is asked."""


class Unit(NamedTuple):
    """A letter of a word, and where it stands there with what it was stretched to."""

    start: int
    end: int
    letter: str


def find(text: str) -> Iterable[Edit]:
    """Return a replacement for each stretch."""
    return _edits(text) if _STRETCH.search(text) else ()


def _edits(text: str) -> Iterator[Edit]:
    at = 0
    for m in _STRETCH.finditer(text):
        start, end = m.span()
        if start >= at and m[1].isalpha():
            while start > at and text[start - 1].isalpha():
                start -= 1
            word = _WORD.match(text, start)
            at = word.end() if word else end
            for unit in _stretched(text[start:at]):
                yield Edit(start + unit.start, start + unit.end, unit.letter)
        elif start >= at and end - start > _MOST_SIGNS and _is_sign(m[1]):
            yield Edit(start, end, m[1] * _MOST_SIGNS)


def _is_sign(c: str) -> bool:
    return not c.isalnum() and c not in "<> "


def _stretched(word: str) -> Iterable[Unit]:
    if len(word) <= _LONGEST:
        return _stretched_in_short(word)
    kept = _MOST_SIGNS if len(set(word)) == 1 else 1
    return (Unit(m.start(), m.end(), m[1] * kept) for m in _RUN.finditer(word))


@lru_cache(maxsize=1 << 14)
def _stretched_in_short(word: str) -> tuple[Unit, ...]:
    return tuple(u for u in _shorten(word) if u.end - u.start > 1)


def _shorten(word: str) -> list[Unit]:
    """Return the letters of *word*, none if it stays as it is."""
    low = word.lower()
    if len(low) != len(word) or low in _NAMES or _ROMAN.fullmatch(low):
        return []
    if len(set(low)) == 1:
        return [Unit(0, len(word), word[:_MOST_SIGNS])] if word[_MOST_SIGNS:] else []
    units = _units(word, low.translate(TONELESS))
    short = _spell(units)
    longest = max(u.end - u.start for u in units)
    spelled = is_spelled(short)
    if word.isupper() and word.isascii() and not spelled and len(word) <= _ACRONYM:
        return []
    if (
        longest <= _THRICE
        and short not in TEENCODE
        and _VOWELS.isdisjoint(strip_marks(short))
    ):
        return []
    named = word.isascii() and not word.islower()
    return units if spelled or named else _undouble(units)


def _units(word: str, toneless: str) -> list[Unit]:
    units: list[Unit] = []
    at = 0
    for _, run in groupby(toneless):
        end = at + len(list(run))
        if end - at < _THRICE:
            units += (Unit(i, i + 1, word[i]) for i in range(at, end))
        else:
            toned = (c for c in word[at:end] if c.lower() in TONES)
            units.append(Unit(at, end, next(toned, word[at])))
        at = end
    return units


def _undouble(units: list[Unit]) -> list[Unit]:
    """Return *units* without letters that a syllable cannot have again, if it is one."""
    for i, one in enumerate(units[:-1], start=1):
        a, b = one.letter.lower(), units[i].letter.lower()
        rest = (j for j in range(i, len(units)) if units[j].letter.lower() != b)
        end = next(rest, len(units))
        if a != b and strip_marks(a) == b:
            # "hữuu" is hữu, "thếee" is thế.
            shorter = [_without(units, i, end), _without(units, i - 1, end)]
        elif a == b and b in _FINAL and end == len(units):
            shorter = [_without(units, i - 1, end)]
        else:
            continue
        for fewer in shorter:
            if is_spelled(_spell(fewer)):
                return fewer
    return units


def _without(units: list[Unit], first: int, end: int) -> list[Unit]:
    """Return *units* with those from *first* up to *end* as one, the first of them."""
    whole = Unit(units[first].start, units[end - 1].end, units[first].letter)
    return [*units[:first], whole, *units[end:]]


def _spell(units: list[Unit]) -> str:
    return "".join(u.letter for u in units).lower()
