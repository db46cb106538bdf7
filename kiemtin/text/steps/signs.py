"""Words with a sign between their letters (n.g.u, l-ừ-a, th.ằng), and no initials."""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import accumulate
from typing import NamedTuple

from kiemtin.text.lexicons.hidden import HIDDEN, LOANS, ONSETLESS
from kiemtin.text.offsets import Edit
from kiemtin.text.spelling import is_spelled
from kiemtin.text.steps.capitals import is_shouted
from kiemtin.text.steps.letters import join_letters, read_letters
from kiemtin.text.syllables import strip_marks

_SIGNS = ".-_*/·•~|+,:=^'’`‧∙・"
_L, _SIGN = r"[^\W\d_]", f"[{re.escape(_SIGNS)}]"
_PARTING = frozenset("._·•‧∙・'’`|~^")
"""Signs that part nothing in ordinary writing but sentences and initials."""

_HINT = re.compile(rf"{_SIGN}{_L}")
_CHUNK = re.compile(
    rf"{_L}{{1,5}}({_SIGN}{{1,3}}){_L}{{1,5}}(?:\1{_L}{{1,5}})*(?!\1?[^\W_])"
)
_AIRY_HINT = re.compile(rf"{_SIGN}\s{_L}\s{_SIGN}")
_AIRY = re.compile(rf"(?<![^\W_]){_L}(\s{_SIGN}\s){_L}(?:\1{_L})+(?![^\W_])")
_GAP = re.compile(rf"\s?{_SIGN}{{1,3}}\s?")
_MOST_SIGNS = 3
_LONGEST = 5
"""A longer piece is a word of its own."""

_NONE, _WEAK, _STRONG = range(3)
"""Weak ones (a.n) are joined only in a text that has strong ones (c.ô.n.g)."""
_ONSETS = frozenset({"ch", "gh", "gi", "kh", "ng", "ngh", "nh", "ph", "qu", "th", "tr"})
_ENGLISH = frozenset({"s", "t", "m", "d", "re", "ve", "ll"})
_CODAS = frozenset({"ch", "ng", "nh"})
_VOWELS = frozenset("aeiouy")
_PAIR, _SHORT = 2, 40


def find(text: str) -> Iterable[Edit]:
    """Return the edits that join such words."""
    return _edits(text) if _HINT.search(text) or _AIRY_HINT.search(text) else ()


def _edits(text: str) -> Iterator[Edit]:
    words = list(_words(text))
    if any(w.capitals for _, w in words) and not is_shouted(text):
        words = [(at, w) for at, w in words if not w.capitals]
    least = _WEAK if any(w.grade == _STRONG for _, w in words) else _STRONG
    for at, word in words:
        if word.grade >= least:
            yield from join_letters(map(at.__add__, word.places), word.ends)


def _chunks(text: str) -> Iterator[tuple[int, str]]:
    """Yield where each word starts that has signs between its letters, and itself."""
    hint = _HINT.search(text)
    while hint:
        start, at = hint.start(), hint.end() - 1
        while start and text[start - 1] in _SIGNS and at - start <= _MOST_SIGNS:
            start -= 1
        first = max(start - _LONGEST - 1, 0)
        while start > first and text[start - 1].isalpha():
            start -= 1
        free = not start or text[start - 1] == " " or not _goes_on(text, start)
        chunk = _CHUNK.match(text, start) if free else None
        if chunk:
            yield start, chunk[0]
            at = chunk.end()
        hint = _HINT.search(text, at)
    if _AIRY_HINT.search(text):
        for m in _AIRY.finditer(text):
            yield m.start(), m[0]


def _goes_on(text: str, start: int) -> bool:
    """Return whether a word, an address or a chain of signs began before *start*."""
    first = max(start - _MOST_SIGNS, 0)
    while start > first and text[start - 1] in _SIGNS:
        start -= 1
    return start > 0 and (text[start - 1].isalnum() or text[start - 1] in "@#&<")


class _Word(NamedTuple):
    """
    What signs part.

    Attributes:
        grade: How surely it was a word.
        capitals: Whether it is written like initials.
        places: Where its letters stand, counted from the first.
        ends: After how many of them a word ends.
    """

    grade: int
    capitals: bool
    places: list[int]
    ends: list[int]


_NO_WORD = _Word(_NONE, capitals=False, places=[], ends=[])


def _words(text: str) -> Iterator[tuple[int, _Word]]:
    for start, chunk in _chunks(text):
        read = _read_short if len(chunk) <= _SHORT else _read
        word = read(chunk)
        if word.grade:
            yield start, word


def _read(chunk: str) -> _Word:
    places = [i for i, c in enumerate(chunk) if c.isalpha()]
    letters = "".join([chunk[i] for i in places])
    ends = read_letters(letters)
    # A word may not end inside a piece.
    pieces = _GAP.split(chunk)
    if not ends or not set(ends) <= set(accumulate(map(len, pieces))):
        return _NO_WORD
    grade = _grade(pieces, letters, chunk[len(pieces[0])])
    capitals = letters.isupper() and letters.replace("Đ", "D").isascii()
    return _Word(grade, capitals, places, ends)


_read_short = lru_cache(maxsize=1 << 14)(_read)


def _grade(pieces: list[str], written: str, sign: str) -> int:
    """Return how surely *pieces*, which make a word, are one."""
    if not (written.isupper() or written[1:] == written[1:].lower()):
        return _NONE
    small = [p.lower() for p in pieces]
    single = len(written) == len(pieces) > _PAIR
    if not single and all(map(is_spelled, small)):
        return _NONE
    if len(pieces) > _PAIR:
        return _STRONG
    if sign in "'’" and written.isascii():
        return _NONE if small[1] in _ENGLISH else _WEAK  # Le's, Ch'oe
    return _grade_pair(*small, parting=sign in _PARTING)


def _grade_pair(first: str, second: str, *, parting: bool) -> int:
    """Grade a word with one sign in it: a sentence may have ended there."""
    word = first + second
    if not parting:
        return _WEAK
    if word in HIDDEN or word in LOANS:
        return _STRONG
    if second in _CODAS:
        return _STRONG
    vowel = strip_marks(second[0]) in _VOWELS
    rare = len(first) == 1 and not second.isascii() and second not in ONSETLESS
    return _STRONG if vowel and (first in _ONSETS or rare) else _WEAK
