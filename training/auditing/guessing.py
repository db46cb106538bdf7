"""What each thing beside the content, alone, would guess of every row."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from training.auditing.beside import Column, Kind, columns_beside
from training.auditing.folds import (
    Floats,
    Folds,
    classify_text,
    grouped_folds,
    text_features,
)
from training.auditing.pool import Audited, Ints
from training.auditing.predicting import predict_by_many, predict_by_one
from training.auditing.style import pair_columns, style_columns
from training.corpora.row import Head
from training.evaluation.wording import plain

MAX_KINDS_SHARE = 0.2
"""Distinct values by rows: a title that stands over fewer than five rows tells nothing."""


@dataclass(frozen=True, eq=False, slots=True)
class Guess:
    """
    What one thing says of rows that it was not learnt from.

    Attributes:
        by: Such as ``likes``.
        kind: Where it comes from.
        probabilities: Of each class, of shape (rows, classes).
        n_missing: How many rows lack it, which tells something too.
    """

    by: str
    kind: Kind
    probabilities: Floats
    n_missing: int = 0


@dataclass(frozen=True, eq=False, slots=True)
class _Asked:
    pool: Audited
    rows: Ints
    classes: Ints
    folds: Folds
    seed: int


def guesses(pool: Audited, rows: Ints, classes: Ints, *, seed: int) -> Iterator[Guess]:
    """
    Yield what each thing beside the content of *rows* says of their *classes*.

    Args:
        pool: What is audited.
        rows: Indices in it.
        classes: Of each row, from 0 on.
        seed: Of folds and models.
    """
    folds = grouped_folds(pool, rows, classes, seed=seed)
    asked = _Asked(pool, rows, classes, folds, seed)
    texts = [pool.rows[i] for i in rows]
    beside = list(columns_beside(pool, rows))
    yield from _alone(asked, [c for c in beside if c.kind is Kind.TIME])
    yield from _groups(asked, [c for c in beside if c.kind is Kind.GROUP])
    for columns in (
        [c for c in beside if c.kind is Kind.FACET],
        list(style_columns(texts)),
        list(pair_columns(texts)),
    ):
        yield from _alone(asked, columns)
        yield from _together(asked, columns)
    if texts[0].head is Head.CLAIM:
        yield _statement(asked)


def _alone(asked: _Asked, columns: Sequence[Column]) -> Iterator[Guess]:
    for column in columns:
        probabilities = predict_by_one(column, asked.classes, asked.folds)
        n_missing = int(column.missing.sum())
        yield Guess(column.name, column.kind, probabilities, n_missing)


def _together(asked: _Asked, columns: Sequence[Column]) -> Iterator[Guess]:
    if len(columns) > 1:
        probabilities = predict_by_many(
            columns, asked.classes, asked.folds, seed=asked.seed
        )
        yield Guess(_listed(columns), columns[0].kind, probabilities)


def _groups(asked: _Asked, columns: Sequence[Column]) -> Iterator[Guess]:
    for column in columns:
        if len(column.names) > MAX_KINDS_SHARE * len(asked.rows):
            continue
        # Folds by group would hide from each what its own group tells.
        folds = grouped_folds(
            asked.pool, asked.rows, asked.classes, seed=asked.seed, leave=column.name
        )
        yield from _alone(replace(asked, folds=folds), [column])


def _statement(asked: _Asked) -> Guess:
    features = text_features(plain(asked.pool.rows[i].text) for i in asked.rows)
    probabilities = classify_text(features, asked.classes, asked.folds, seed=asked.seed)
    return Guess("the statement alone", Kind.STATEMENT, probabilities)


def _listed(columns: Sequence[Column]) -> str:
    match columns[0].kind:
        case Kind.STYLE:
            return "all of style together"
        case Kind.PAIR:
            return "overlap and numbers together"
        case _:
            return f"{', '.join(c.name for c in columns)} together"
