"""What a text is about, by words of ours, for slices that stay the same over the years."""

import tomllib
from collections import Counter
from collections.abc import Iterator
from functools import cache
from importlib import resources

from kiemtin.text.syllables import strip_marks

_MOST_SYLLABLES = 4
"""Of a term."""


def topic_of(words: list[str]) -> str:
    """
    Return the topic of which a text has the most terms, empty if it has none.

    Args:
        words: Of the text, as ``words_of`` gives them.
    """
    found = Counter(topic for topic, _ in sorted(set(_told(words))))
    # Of topics with as many terms the first in the alphabet: any would do, but the same.
    return found.most_common(1)[0][0] if found else ""


def read_terms() -> dict[str, list[str]]:
    """Return the terms of each topic."""
    path = resources.files("training.evaluation") / "topics.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))


def _told(words: list[str]) -> Iterator[tuple[str, str]]:
    terms = _terms()
    for i in range(len(words)):
        for end in range(i + 1, min(i + _MOST_SYLLABLES, len(words)) + 1):
            if term := terms.get(" ".join(words[i:end])):
                yield term


@cache
def _terms() -> dict[str, tuple[str, str]]:
    """Return the topic and the term of each spelling."""
    found = {}
    for topic, terms in read_terms().items():
        for term in terms:
            found[term] = (topic, term)
            if " " in term:
                found.setdefault(strip_marks(term), (topic, term))
    return found
