"""
Letters of a word with spaces or signs between them (l ừ a  đ ả o, n.g.u) are joined.

Only if what they make is spelled like Vietnamese, or is a word that people are known
to hide: initials (T.P.), lists (a.b.c) and the single letters of chats stay.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise

from kiemtin.text.offsets import Edit
from kiemtin.text.steps import signs
from kiemtin.text.steps.letters import join_letters, read_letters

_LETTER = r"[^\W\d_]"
_HINT = re.compile(rf"\s{_LETTER}\s{_LETTER}(?!\w)")
_RUN = re.compile(rf"(?<![\w.]){_LETTER}(?:\s+{_LETTER}(?!\w)){{2,}}(?![^\w\s]\w)")
_FEW = 3
"""Fewer letters with spaces between them are words of a chat."""
_CHAT = frozenset("mtkeacbvzàạáảừừơởýyôồố")
"""What is a word of a chat by itself, beside a word that is taken apart."""


def find(text: str) -> Iterable[Edit]:
    """Return the removal of each gap inside a word, a space for each between words."""
    joined = signs.find(text)
    if not _HINT.search(text):
        return joined
    return sorted([*joined, *_spaced(text)]) if joined else _spaced(text)


def _spaced(text: str) -> Iterator[Edit]:
    for m in _RUN.finditer(text):
        start = m.start()
        places = [i for i, c in enumerate(m[0], start) if not c.isspace()]
        narrow = min(b - a for a, b in pairwise(places))
        # Where some gaps are wider than others, the wide ones part words.
        wide = [i for i, (a, b) in enumerate(pairwise(places), 1) if b - a > narrow]
        if wide:
            cuts = pairwise([0, *wide, len(places)])
            yield from _join_words(text, [places[a:b] for a, b in cuts])
        else:
            yield from _join_run(text, places)


def _join_words(text: str, words: list[list[int]]) -> Iterator[Edit]:
    """Join all words that can be read, if one of them is more than a chat word."""
    read = [read_letters("".join([text[i] for i in places])) for places in words]
    sizes = (len(places) for places, ends in zip(words, read, strict=True) if ends)
    if max(sizes, default=0) >= _FEW:
        for places, ends in zip(words, read, strict=True):
            if ends:
                yield from join_letters(places, ends)


def _join_run(text: str, places: list[int]) -> Iterator[Edit]:
    """Join a run of letters, or what chat words at its ends leave (m b ị  n g u à)."""
    n = len(places)
    letters = "".join([text[i] for i in places])
    for first, last in ((0, n), (1, n), (0, n - 1), (1, n - 1)):
        left = {*letters[:first], *letters[last:]}
        if last - first >= _FEW and left <= _CHAT:
            ends = read_letters(letters[first:last])
            if ends:
                yield from join_letters(places[first:last], ends)
                return
