"""What is asked of the rows of each corpus: one question, and each row's answer."""

from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from kiemtin.labels import HEADS
from training.auditing.pool import Audited, Ints, Section, is_marked
from training.corpora.row import Head, Row

MIN_ROWS = 200
MIN_ANSWERS = 30
"""Of yes, of no, and of each class: figures of fewer rows are noise."""

_Z = 1.959964
"""Of a 95 % interval."""
_ROUND = 4
_REFUTED = "1"
_TARGET_NORMAL = 1
_CHOSEN = frozenset({Head.PROTECTED, Head.EVERY})
"""Rows that were picked or written for what they are: their rates say nothing."""


class Skipped(Section):
    """A corpus of which a section says nothing, and why."""

    corpus: str
    reason: str


class Rate(Section):
    """The share of rows whose answer is yes, with its 95 % interval (Wilson 1927)."""

    n: int
    rate: float
    low: float
    high: float


@dataclass(frozen=True, eq=False, slots=True)
class Question:
    """
    A question with two answers, asked of the rows of a corpus.

    Attributes:
        corpus: Its name.
        label: What yes is called in it, such as ``abusive``.
        rows: The indices of the rows that have an answer.
        truth: The answers, of the same shape.
    """

    corpus: str
    label: str
    rows: Ints
    truth: NDArray[np.bool_]


def ask(pool: Audited) -> tuple[tuple[Question, ...], tuple[Skipped, ...]]:
    """Return the questions of *pool*, and the corpora that none can be asked of."""
    asked = [_ask(pool, corpus) for corpus in pool.corpora]
    questions = tuple(q for q in asked if isinstance(q, Question))
    return questions, tuple(q for q in asked if isinstance(q, Skipped))


def once(pool: Audited, question: Question) -> Question:
    """Return *question* of one row for each cluster and answer: copies are no proof."""
    pairs = np.column_stack([pool.clusters[question.rows], question.truth])
    first = np.sort(np.unique(pairs, axis=0, return_index=True)[1])
    return Question(
        question.corpus, question.label, question.rows[first], question.truth[first]
    )


def classes_of(pool: Audited, question: Question) -> NDArray[np.str_]:
    """
    Return the class of each row of *question* in its corpus, or yes and no by name.

    The latter if a class has few rows. A target that is not mentioned and one that is
    treated normally are one class here.
    """
    named = np.array([_class_of(pool.rows[i]) for i in question.rows], dtype=np.str_)
    counts = np.unique(named, return_counts=True)[1]
    if len(counts) > 1 and counts.min() >= MIN_ANSWERS:
        return named
    return np.where(question.truth, question.label, f"not {question.label}")


def rate_of(truth: NDArray[np.bool_]) -> Rate:
    """Return the share of *truth*, of which there is some."""
    n, p = len(truth), float(truth.mean())
    middle = (p + _Z**2 / (2 * n)) / (1 + _Z**2 / n)
    half = _Z / (1 + _Z**2 / n) * sqrt(p * (1 - p) / n + _Z**2 / (4 * n**2))
    return Rate(
        n=n,
        rate=round(p, _ROUND),
        low=round(max(0.0, middle - half), _ROUND),
        high=round(min(1.0, middle + half), _ROUND),
    )


def _ask(pool: Audited, corpus: str) -> Question | Skipped:
    rows = [i for i in pool.of(corpus) if pool.rows[i].head not in _CHOSEN]
    if not rows:
        return Skipped(corpus=corpus, reason="no row has a label to ask for")
    question = Question(
        corpus=corpus,
        label=_label(pool.rows[rows[0]].head),
        rows=np.array(rows, dtype=np.int64),
        truth=np.array([_answer(pool.rows[i]) for i in rows], dtype=bool),
    )
    distinct = once(pool, question).truth
    n, n_yes = len(distinct), int(distinct.sum())
    if n < MIN_ROWS or min(n_yes, n - n_yes) < MIN_ANSWERS:
        reason = (
            f"{n} distinct rows, {n_yes} of them {question.label}; at least {MIN_ROWS} "
            f"are needed, and {MIN_ANSWERS} of each answer"
        )
        return Skipped(corpus=corpus, reason=reason)
    return question


def _answer(row: Row) -> bool:
    marked = is_marked(row)
    return row.source_label == _REFUTED if marked is None else marked


def _label(head: Head) -> str:
    match head:
        case Head.CLAIM:
            return "refuted"
        case Head.HIGHLIGHTS:
            return "highlighted"
        case Head.TARGETS:
            return "offended"
        case _:
            return HEADS[head][0]


def _class_of(row: Row) -> str:
    match row.head:
        case Head.TARGETS:
            return str(max(_TARGET_NORMAL, *row.targets.values()))
        case _:
            return row.source_label or str(int(_answer(row)))
