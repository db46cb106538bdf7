"""The terms of politics and their everyday counterparts, read from ``terms.toml``."""

import random
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import product

from kiemtin.text.syllables import strip_marks
from training.perturb.diacritics import move_tones
from training.perturb.halves import Half


@dataclass(frozen=True, slots=True)
class Term:
    """
    What is looked for in a text.

    Attributes:
        text: As it is written with its marks, in lower case.
        group: Within which it is swapped; empty for what only looks like a term.
        political: Whether it speaks of politics, or of everyday life.
        marked_only: Whether it is another word without its marks.
    """

    text: str
    group: str = ""
    political: bool = False
    marked_only: bool = False

    def forms(self) -> set[tuple[str, ...]]:
        """Return the syllables that people write for it, in lower case."""
        options = [
            {s, _moved(s)} | (set() if self.marked_only else {strip_marks(s)})
            for s in self.text.split()
        ]
        return set(product(*options))


@cache
def all_terms() -> tuple[Term, ...]:
    """Return every term, those of politics and the others."""
    path = resources.files("training.politics") / "terms.toml"
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    marked_only = frozenset(table["marked_only"])
    found = [Term(text, marked_only=" " not in text) for text in table["otherwise"]]
    for group in table["group"]:
        for kind in ("political", "everyday"):
            found += [
                Term(
                    text,
                    group["name"],
                    kind == "political",
                    marked_only=" " not in text or text in marked_only,
                )
                for text in group[kind]
            ]
    return tuple(found)


@cache
def counterparts(group: str, *, political: bool) -> tuple[str, ...]:
    """Return the terms of the other side of *group*."""
    return tuple(
        t.text for t in all_terms() if t.group == group and t.political != political
    )


def _moved(syllable: str) -> str:
    """Return *syllable* with its tone mark in the other place, if it has one."""
    return move_tones(syllable, random.Random(0), Half.A, 1.0)
