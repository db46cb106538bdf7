"""How texts are written and how pairs overlap, as quantities that know no word's sense."""

import re
from collections.abc import Iterator, Sequence

import numpy as np

from kiemtin.text.syllables import words_of
from training.auditing.beside import Column, Kind, quantities
from training.auditing.texts import measure
from training.corpora.row import Row
from training.evaluation.wording import plain

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_PUNCTUATION = re.compile(r"[^\w\s]")
_DENIALS = frozenset(
    ("không", "chẳng", "chưa", "chả", "đâu", "đừng", "hề", "vô", "sai")
)
"""Words by which Vietnamese denies."""


def style_columns(rows: Sequence[Row]) -> Iterator[Column]:
    """Yield how each text of *rows* is written."""
    measured = measure(rows)
    texts = [r.text for r in rows]
    n_chars = np.array([max(len(t), 1) for t in texts])
    n_words = np.maximum(measured.n_syllables, 1)
    n_marks = np.array([len(_PUNCTUATION.findall(t)) for t in texts])
    for name, values in {
        "characters": n_chars,
        "syllables": measured.n_syllables,
        "diacritics": measured.n_with_marks / n_words,
        "capitals": np.array([sum(map(str.isupper, t)) for t in texts]) / n_chars,
        "digits": np.array([sum(map(str.isdigit, t)) for t in texts]) / n_chars,
        "punctuation": n_marks / n_chars,
        "exclamations": np.array([t.count("!") for t in texts]),
        "links": measured.has_link,
        "emoji": measured.has_emoji,
    }.items():
        yield quantities(Kind.STYLE, name, values)


def pair_columns(rows: Sequence[Row]) -> Iterator[Column]:
    """Yield how the statement and the evidence of each of *rows* overlap, if any has."""
    if not any(r.evidence for r in rows):
        return
    names = (
        "statement words in evidence",
        "evidence words in statement",
        "numbers in both",
        "numbers in statement only",
        "length ratio",
        "denials in statement only",
    )
    values = np.array([_overlap(plain(r.text), plain(r.evidence or "")) for r in rows])
    for name, column in zip(names, values.T, strict=True):
        yield quantities(Kind.PAIR, name, column)


def _overlap(statement: str, evidence: str) -> tuple[float, ...]:
    says, shows = words_of(statement), words_of(evidence)
    words, proof = set(says), set(shows)
    numbers = set(_NUMBER.findall(statement))
    proven = set(_NUMBER.findall(evidence))
    common = len(words & proof)
    return (
        common / max(len(words), 1),
        common / max(len(proof), 1),
        len(numbers & proven),
        len(numbers - proven),
        len(says) / max(len(shows), 1),
        len((words - proof) & _DENIALS),
    )
