"""How well columns predict a class out of fold: probabilities, and one figure."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata
from sklearn.ensemble import HistGradientBoostingClassifier
from threadpoolctl import threadpool_limits

from training.auditing.beside import Column, binned
from training.auditing.folds import Floats, Folds
from training.auditing.pool import Ints
from training.evaluation.metrics import Figure

_N_BINS = 20
_PRIOR_ROWS = 10
"""How much the share of a class in all rows weighs in a bin of few."""
_MAX_KINDS = 250
"""Boosted trees take no more kinds of one thing; the rarest are taken together."""
_LEAST = 1e-12
_N_DRAWS = 300
_Z = 1.959964
_ROUND = 4
_TIES = 9
"""Digits: what differs in later ones was rounded differently."""


def predict_by_one(column: Column, classes: Ints, folds: Folds) -> Floats:
    """
    Return the probability of each class, by the share that it has in a value.

    It is as if classes were equally common: where folds differ in that, they would
    else tell of the fold.
    """
    bins, names = binned(column, _N_BINS)
    n_classes = int(classes.max()) + 1
    out = np.zeros((len(classes), n_classes))
    for learn, look in folds:
        table = np.zeros((len(names), n_classes))
        np.add.at(table, (bins[learn], classes[learn]), 1)
        prior = table.sum(axis=0) / table.sum()
        shares = (table + _PRIOR_ROWS * prior) / np.maximum(prior, _LEAST)
        shares /= shares.sum(axis=1, keepdims=True)
        out[look] = shares[bins[look]]
    return out


def predict_by_many(
    columns: Sequence[Column], classes: Ints, folds: Folds, *, seed: int
) -> Floats:
    """Return the same by boosted trees over *columns*."""
    values = np.column_stack([_few_kinds(c) for c in columns])
    out = np.zeros((len(classes), int(classes.max()) + 1))
    for learn, look in folds:
        model = HistGradientBoostingClassifier(
            max_iter=60,
            max_leaf_nodes=15,
            categorical_features=[bool(c.names) for c in columns],
            early_stopping=False,
            random_state=seed,
        )
        # On few rows threads wait for one another longer than they work.
        with threadpool_limits(1):
            model.fit(values[learn], classes[learn])
            found = model.predict_proba(values[look])
        found /= np.bincount(classes[learn])[model.classes_]
        found /= found.sum(axis=1, keepdims=True)
        out[np.ix_(look, model.classes_)] = found
    return out


def area(truth: NDArray[np.bool_], scores: Floats) -> Figure:
    """
    Return the area under the ROC curve, with the interval of Hanley and McNeil (1982).

    A bootstrap of so many figures would take most of the audit's time.
    """
    n_yes, n_no = int(truth.sum()), int((~truth).sum())
    ranks = rankdata(np.round(scores, _TIES))[truth].sum()
    a = float((ranks - n_yes * (n_yes + 1) / 2) / (n_yes * n_no))
    of_yes, of_no = a / (2 - a), 2 * a**2 / (1 + a)
    variance = a * (1 - a) + (n_yes - 1) * (of_yes - a**2) + (n_no - 1) * (of_no - a**2)
    half = _Z * (variance / (n_yes * n_no)) ** 0.5
    return _figure(a, a - half, min(1.0, a + half), len(truth))


def mean_f1(classes: Ints, probabilities: Floats, *, seed: int) -> Figure:
    """
    Return the macro-F1 of the likeliest class, with a bootstrap interval.

    Rows are drawn again through the table of true and said classes, which is the same
    as to draw the rows.
    """
    n = probabilities.shape[1]
    said = probabilities.argmax(axis=1)
    table = np.bincount(classes * n + said, minlength=n * n)
    draws = np.random.default_rng(seed).multinomial(
        len(classes), table / len(classes), size=_N_DRAWS
    )
    low, high = np.percentile(_f1(draws.reshape(-1, n, n)), [2.5, 97.5])
    value = _f1(table.reshape(1, n, n))[0]
    return _figure(value, low, high, len(classes))


def majority_f1(classes: Ints) -> float:
    """Return the macro-F1 of who always says the most common class."""
    shares = np.bincount(classes) / len(classes)
    return round(float(2 * shares.max() / (1 + shares.max()) / len(shares)), _ROUND)


def _f1(tables: NDArray[np.int64]) -> Floats:
    """Return the macro-F1 of each table of true (axis 1) and said (axis 2) classes."""
    hits = np.diagonal(tables, axis1=1, axis2=2)
    both = tables.sum(axis=1) + tables.sum(axis=2)
    return np.asarray((2 * hits / np.maximum(both, 1)).mean(axis=1))


def _few_kinds(column: Column) -> Floats:
    if len(column.names) <= _MAX_KINDS:
        return column.values
    told = column.values[~column.missing].astype(np.int64)
    order = np.argsort(-np.bincount(told, minlength=len(column.names)), kind="stable")
    place = np.empty(len(order))
    place[order] = np.minimum(np.arange(len(order)), _MAX_KINDS)
    out = column.values.copy()
    out[~column.missing] = place[told]
    return out


def _figure(value: float, low: float, high: float, rows: int) -> Figure:
    return Figure(
        value=round(float(value), _ROUND),
        low=round(float(low), _ROUND),
        high=round(float(high), _ROUND),
        rows=rows,
    )
