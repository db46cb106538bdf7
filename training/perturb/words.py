"""Which words of a text may be changed, and how each is drawn."""

import random
import re
import sys
from collections.abc import Callable, Iterable, Iterator

import regex

from kiemtin.text.offsets import Edit, apply_edits

_RUN = regex.compile(r"[\p{L}\p{M}\p{N}]+")
_PLAIN = regex.compile(r"\p{L}[\p{L}\p{M}]*")
_CLUSTER = regex.compile(r"\X")
_NONE = (sys.maxsize, sys.maxsize)
# Not the pattern of the normalizer: what it learns must not change the copies that
# a model is examined on. Every branch is bounded or possessive: linear in the text.
_KEPT = re.compile(
    r"""
      (?:https?://|\bwww\.)[^\s<>"]++
    | (?<![\w.+-])[\w.+-]{1,64}@[\w.-]{1,255}
    | (?<![\w@.-])(?:[a-z0-9-]{1,63}\.){1,4}[a-z]{2,12}\b(?:/[^\s<>"]*+)?
    | @[\w.]++
    | </?[a-z]{1,12}>
    | &(?:\#\w{1,8}|[a-z]\w{1,31});
    | (?<!\d)\d++(?:[.,:/-]\d++)*+
    """,
    re.VERBOSE | re.IGNORECASE,
)


def kept_spans(text: str) -> list[tuple[int, int]]:
    """Return where links, addresses, mentions, numbers and entities stand, in order."""
    return [m.span() for m in _KEPT.finditer(text)]


def free_spans(
    text: str, spans: Iterable[tuple[int, int]]
) -> Iterator[tuple[int, int]]:
    """Yield those of ascending *spans* that touch nothing that is kept."""
    kept = iter(kept_spans(text))
    begin, end = next(kept, _NONE)
    for span in spans:
        while end <= span[0]:
            begin, end = next(kept, _NONE)
        if span[1] <= begin:
            yield span


def words(text: str) -> list[tuple[int, int]]:
    """Return where the words of *text* stand that may be changed: letters and marks."""
    runs = (m.span() for m in _RUN.finditer(text) if _PLAIN.fullmatch(m[0]))
    return list(free_spans(text, runs))


def letters(word: str) -> list[str]:
    """Return the letters of *word*, each with its marks."""
    found: list[str] = _CLUSTER.findall(word)
    return found


def rewrite(
    text: str, rng: random.Random, strength: float, change: Callable[[str], str]
) -> str:
    """Return *text* with each of its free words changed, drawn with *strength*."""
    edits = [
        Edit(start, end, change(text[start:end]))
        for start, end in words(text)
        if rng.random() < strength
    ]
    return apply_edits(text, edits)[0]


def some(n: int, rng: random.Random) -> set[int]:
    """Return about half of *n* positions, at least one if there is one."""
    drawn = {i for i in range(n) if rng.random() < 0.5}  # noqa: PLR2004 -- half of them
    return drawn or ({int(rng.random() * n)} if n else set())


def cased_like(model: str, word: str) -> str:
    """Return *word* in capitals where *model* is, or with its first letter large."""
    if len(model) > 1 and model.isupper():
        return word.upper()
    return word[:1].upper() + word[1:] if model[:1].isupper() else word
