"""Counterfactual texts: political terms for everyday ones and back, or left out."""

import random
from collections.abc import Callable, Iterator

from kiemtin.text.offsets import Edit, apply_edits
from kiemtin.text.syllables import strip_marks
from training.perturb.words import cased_like, free_spans
from training.politics.matching import Match, matches
from training.politics.terms import counterparts


def swap(text: str, rng: random.Random) -> str:
    """
    Return *text* with each political term swapped for an everyday one, and back.

    A term stays within its group, so that the sentence stays one; capitals stay, and
    what was written without diacritics is so again. Links and mentions stay as they are.
    """
    bare = strip_marks(text) == text

    def written(match: Match) -> str:
        term = match.term
        old = text[match.start : match.end]
        new = rng.choice(counterparts(term.group, political=term.political))
        unmarked = strip_marks(old) == old
        if unmarked and (bare or strip_marks(term.text) != term.text):
            new = strip_marks(new)
        return _cased(old, new)

    return _rewritten(text, lambda m: True, written)


def leave_out(text: str) -> str:
    """Return *text* without its political terms; itself where nothing else is left."""
    left = _rewritten(text, lambda m: m.term.political, lambda m: "")
    return left if any(c.isalnum() for c in left) else text


def _rewritten(
    text: str, chosen: Callable[[Match], bool], written: Callable[[Match], str]
) -> str:
    found = {(m.start, m.end): m for m in matches(text) if chosen(m)}
    if not found:
        return text
    return apply_edits(text, list(_edits(text, found, written)))[0]


def _edits(
    text: str,
    found: dict[tuple[int, int], Match],
    written: Callable[[Match], str],
) -> Iterator[Edit]:
    for start, end in free_spans(text, found):
        new = written(found[start, end])
        # Of the spaces around what goes, one goes with it.
        goes_on = text[end : end + 1] == " " and text[start - 1 : start] in {"", " "}
        yield Edit(start, end + (not new and goes_on), new)


def _cased(model: str, term: str) -> str:
    """Return *term* with capitals like those of *model*: all, first ones, or first."""
    syllables = model.replace("_", " ").split()
    if len(syllables) > 1 and all(s[:1].isupper() for s in syllables):
        return " ".join(
            map(cased_like, syllables[:1] * len(term.split()), term.split())
        )
    return cased_like(model, term)
