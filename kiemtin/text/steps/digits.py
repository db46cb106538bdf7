"""Digits and signs for letters (ch3t, ng4u, c@c), and letters for digits (5OOk)."""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import product
from typing import NamedTuple

from kiemtin.text.lexicons.hidden import LOANS
from kiemtin.text.offsets import Edit
from kiemtin.text.spelling import N_MOST, is_spelled
from kiemtin.text.steps.capitals import is_shouted
from kiemtin.text.syllables import strip_marks

_HINT = re.compile(
    r"\d(?:(?<=[^\W\d_]\d)|(?=[^\W\d_]))|[@!€#|$](?<=[^\W_].)(?=[^\W\d_])"
    r"|[@€](?<=[^\W\d_].)(?!\w)"
)
_WORD = re.compile(r"[^\W_]+(?:[@!€#|$][^\W_]+)*(?:[@€](?!\w))?")
_READ = {"1": "il", **dict(zip("03456789@!€#|$", "oeasgtbgaiehls", strict=True))}
_SIGNS = frozenset("@!€#|$")
_NUMBER = re.compile(r"([\dO]+|\d[\do]*)((?:k|K|tr|TR|đ|d|D|Đ)?)")
_O = re.compile("[Oo]")
_FEW_ZEROS = 4
_PAIR, _FEW = 2, 3

_NONE, _WEAK, _STRONG, _NUMERAL = range(4)
"""Weak ones (m1, x3 are models too) are read only beside strong ones (b4n)."""


class _Word(NamedTuple):
    """
    A word with digits or signs in it.

    Attributes:
        meant: What it reads as, of the same length.
        grade: How surely.
        capitals: How surely if all its letters are capitals, where others are small.
    """

    meant: str
    grade: int
    capitals: int


_NO_WORD = _Word("", _NONE, _NONE)


def find(text: str) -> Iterable[Edit]:
    """Return a replacement for each digit that is a letter, each letter a digit."""
    return _edits(text) if _HINT.search(text) else ()


def _edits(text: str) -> Iterator[Edit]:
    words = list(_words(text))
    # Each is read once, also if a text repeats it without end.
    read = {word: _read(word) for word in {word for _, word in words}}
    if any(w.capitals < w.grade for w in read.values()) and not is_shouted(text):
        read = {word: w._replace(grade=w.capitals) for word, w in read.items()}
    least = _WEAK if any(w.grade == _STRONG for w in read.values()) else _STRONG
    changes = {
        word: [(i, new) for i, new in enumerate(w.meant) if new != word[i]]
        for word, w in read.items()
        if w.grade >= least
    }
    for at, word in words if changes else ():
        for i, new in changes.get(word, ()):
            yield Edit(at + i, at + i + 1, new)


def _words(text: str) -> Iterator[tuple[int, str]]:
    """Yield each word that mixes letters with digits or signs, after its start."""
    hint, end = _HINT.search(text), 0
    while hint:
        start = hint.start()
        while start > end and (text[start - 1].isalnum() or text[start - 1] in _SIGNS):
            start -= 1
        word = _WORD.search(text, start)
        if word is None:
            return
        yield word.start(), word[0]
        end = max(hint.end(), word.end())
        hint = _HINT.search(text, end)


def _read(word: str) -> _Word:
    if len(word) <= N_MOST:
        return _read_short(word)
    number = _is_number(word)
    return _Word(_O.sub("0", word), _NUMERAL, _NUMERAL) if number else _NO_WORD


def _is_number(word: str) -> bool:
    """Return whether zeros of *word* are letters: 1O, 5ook, O9OO; 30o is an angle."""
    m = _NUMBER.fullmatch(word)
    if m is None:
        return False
    number, unit = m.groups()
    if "O" in number:
        return number[0] != "O" or len(number) >= _FEW_ZEROS
    return "oo" in number or (number.endswith("o") and unit in {"k", "tr"})


@lru_cache(maxsize=1 << 14)
def _read_short(word: str) -> _Word:
    if _is_number(word):
        return _Word(_O.sub("0", word), _NUMERAL, _NUMERAL)
    letters, low = "".join(filter(str.isalpha, word)), word.lower()
    capitals = letters.isupper()
    odd = len(low) != len(word) or not (capitals or letters[1:] == letters[1:].lower())
    if odd or not len(letters) < len(word) <= 2 * len(letters):
        return _NO_WORD
    readings = map("".join, product(*(_READ.get(c, c) for c in low)))
    read = next(filter(_is_word, readings), None)
    if read is None:
        return _NO_WORD
    grade = _STRONG if read in LOANS else _grade(low)
    if capitals:
        code = _NONE if len(word) <= _PAIR else min(grade, _WEAK)
        return _Word(read.upper(), grade, code)
    return _Word(word[0] + read[1:] if word[0].isupper() else read, grade, grade)


def _is_word(read: str) -> bool:
    # The letter that a digit stands for has lost its marks.
    return read in LOANS or is_spelled(read) or is_spelled(strip_marks(read))


def _grade(word: str) -> int:
    """Return how surely *word*, which reads as a syllable, is no code and no count."""
    first, last = word[0], word[-1]
    inside = first.isalpha() and last.isalpha()
    left = word.rstrip("0123456789@€")
    if inside and "!" in word:
        # A sentence may have ended: "đi!mai".
        return _NONE if is_spelled(word.partition("!")[0]) else _STRONG
    if inside and len(word) >= _FEW:
        return _STRONG
    if first.isalpha():
        # "th4" is Wednesday; a zero counts nothing, nor does a sign.
        hidden = last in "0@€" and not is_spelled(left)
        long = len(left) >= _PAIR or last in _SIGNS
        return _NONE if left == "th" else _STRONG if hidden and long else _WEAK
    return _WEAK if first == "0" or len(word) > _PAIR or not word.isascii() else _NONE
