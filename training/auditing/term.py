"""One word or pair of words that carries a label, and whether it is abuse or a topic."""

from collections.abc import Mapping
from enum import StrEnum

from training.auditing.highlights import MAX_HIGHLIGHTED
from training.auditing.leaning import Leaning
from training.auditing.pool import Section

MIN_N = 20
"""Rows with a term; of fewer, its rate is anything."""
MIN_Z = 3.5
"""Of ten thousand terms that say nothing, two are above it; no family is made of two."""
MAX_SHARE = 0.08
"""Of rows: what stands in more of them is grammar, not a topic."""
MIN_LIFT = 1.5
"""The rate of a topic term, by the rate of rows that are as long."""
MIN_INSIDE = 2 / 3
"""Of a word's rows, those where it is half of a pair: then the pair says it better."""

_ROUND = 4


class TermKind(StrEnum):
    """What a term that carries a label is in itself."""

    ABUSE = "abuse"
    """Annotators marked it where it stands."""
    TOPIC = "topic"
    """They did not: the label follows what a text is about, or how it is said."""
    UNKNOWN = "unknown"
    """It is not among marked texts, or the label is of another matter."""


class Term(Section):
    """
    A word or a pair of words whose rows have a label oftener than the rest, or less.

    Attributes:
        term: In lower case.
        n: Rows with it.
        rate: Of those, the share with the label.
        without: Of other rows.
        like_length: What the rate would be if only the number of words mattered.
        z: How sure it is, above nought where its rows have the label oftener.
        highlighted: The share of places that annotators marked.
        kind: What it is in itself.
    """

    term: str
    n: int
    rate: float
    without: float
    like_length: float
    z: float
    highlighted: float | None
    kind: TermKind


def term_of(i: int, leaning: Leaning, name: str, marks: Mapping[str, float]) -> Term:
    """Return term *i* of *leaning* by its *name*, with how often it is marked."""
    marked = marks.get(name)
    if marked is None:
        kind = TermKind.UNKNOWN
    else:
        kind = TermKind.ABUSE if marked >= MAX_HIGHLIGHTED else TermKind.TOPIC
    return Term(
        term=name,
        n=int(leaning.n[i]),
        rate=round(float(leaning.rate[i]), _ROUND),
        without=round(float(leaning.without[i]), _ROUND),
        like_length=round(float(leaning.like_length[i]), _ROUND),
        z=round(float(leaning.z[i]), 2),
        highlighted=None if marked is None else round(marked, _ROUND),
        kind=kind,
    )


def is_topic(term: Term, n_rows: int) -> bool:
    """Return whether *term*, in *n_rows* rows, carries a label that it does not mean."""
    return (
        term.kind is not TermKind.ABUSE
        and term.n <= MAX_SHARE * n_rows
        and term.rate >= MIN_LIFT * term.like_length
    )


def without_halves(topics: Mapping[int, Term]) -> list[int]:
    """Return *topics* less words that mostly stand in a pair that is among them."""
    at = {t.term: i for i, t in topics.items()}
    halves = {
        at[word]
        for i, t in topics.items()
        for word in t.term.split()
        if " " in t.term and word in at and t.n >= MIN_INSIDE * topics[at[word]].n
    }
    return [i for i in topics if i not in halves]
