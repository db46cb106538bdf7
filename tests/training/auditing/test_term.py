"""A term is abuse where annotators marked it, and a topic where they did not."""

import numpy as np

from training.auditing.leaning import Leaning
from training.auditing.term import Term, TermKind, is_topic, term_of, without_halves


def _term(name: str, n: int, marked: float | None = None, rate: float = 0.6) -> Term:
    figures = (float(n), rate, 0.2, 0.3, 5.0)
    leaning = Leaning(*(np.array([x]) for x in figures))
    return term_of(0, leaning, name, {} if marked is None else {name: marked})


def test_marks_make_the_kind() -> None:
    """Mostly marked is abuse, seldom marked a topic, never seen unknown."""
    kinds = [_term("x", 30, m).kind for m in (0.9, 0.1, None)]

    assert kinds == [TermKind.ABUSE, TermKind.TOPIC, TermKind.UNKNOWN]


def test_topic_is_neither_abuse_nor_grammar_nor_length() -> None:
    """A topic term is rare enough, unmarked, and leans beyond rows as long."""
    assert is_topic(_term("x", 30, 0.1), 1000)
    assert is_topic(_term("x", 30), 1000)
    assert not is_topic(_term("x", 30, 0.9), 1000)
    assert not is_topic(_term("x", 300, 0.1), 1000)
    assert not is_topic(_term("x", 30, 0.1, rate=0.35), 1000)


def test_half_of_a_pair_is_dropped() -> None:
    """A word that mostly stands in one pair is that pair; another word stays."""
    topics = {1: _term("phủ", 40), 2: _term("chính phủ", 38), 3: _term("chính", 90)}

    assert without_halves(topics) == [2, 3]
