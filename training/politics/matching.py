"""Where the terms of politics stand in a text, as whole words in any spelling."""

import unicodedata
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

import regex

from training.politics.terms import Term, all_terms

# Not \w: what is joined by the underscores of a segmenter are words, too, and a mark
# that is written apart (NFD) belongs to its letter.
_WORD = regex.compile(r"[\p{L}\p{M}\p{N}]+")


class Match(NamedTuple):
    """A term, and where it stands in the text that was given."""

    start: int
    end: int
    term: Term


class _Node(dict[str, "_Node"]):
    """A step in the tree of terms, from a syllable to what may follow."""

    term: Term | None = None


def matches(text: str) -> Iterator[Match]:
    """
    Yield the terms of *text*, political and everyday, from left to right.

    The longest is taken, and none overlaps another. A term ends where its syllables
    are parted by anything but space or an underscore.
    """
    tree = _tree()
    composed = unicodedata.is_normalized("NFC", text)
    found = list(_WORD.finditer(text))
    words = [m[0].lower() for m in found]
    if not composed:
        words = [unicodedata.normalize("NFC", w) for w in words]
    free_from = 0
    for at, word in enumerate(words):
        if at < free_from or word not in tree:
            continue
        node, i, last, term = tree, at, at, None
        while i < len(words) and (following := node.get(words[i])) is not None:
            if i > at and not _joined(text[found[i - 1].end() : found[i].start()]):
                break
            node = following
            if node.term:
                last, term = i, node.term
            i += 1
        if term:
            free_from = last + 1
            if term.group:
                yield Match(found[at].start(), found[last].end(), term)


def political_spans(text: str) -> list[tuple[int, int]]:
    """Return where *text*, raw or normalized, speaks of politics, in its own offsets."""
    return [(m.start, m.end) for m in matches(text) if m.term.political]


def is_political(text: str) -> bool:
    """Return whether *text*, raw or normalized, speaks of politics."""
    return any(m.term.political for m in matches(text))


@cache
def _tree() -> _Node:
    root = _Node()
    for term in all_terms():
        for form in term.forms():
            node = root
            for syllable in form:
                node = node.setdefault(syllable, _Node())
            node.term = node.term or term
    return root


def _joined(gap: str) -> bool:
    return gap in {" ", "_"} or gap.isspace()
