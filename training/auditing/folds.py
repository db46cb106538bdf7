"""What can be told of rows that no copy of was learnt from: folds, and one way to use them."""

from collections.abc import Iterable, Sequence

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold, StratifiedGroupKFold
from threadpoolctl import threadpool_limits

from training.auditing.pool import Audited, Ints
from training.evaluation.wording import gram_weights, word_weights

N_FOLDS = 5
_MANY = 2_000
"""Groups that chance alone stratifies; to weigh each would take most of the time."""

_MAX_STEPS = 100

Classes = NDArray[np.str_] | NDArray[np.bool_] | NDArray[np.int64]
Folds = Sequence[tuple[Ints, Ints]]
Floats = NDArray[np.float64]


def grouped_folds(
    pool: Audited,
    rows: Ints,
    classes: Classes,
    *,
    seed: int,
    leave: str = "",
) -> Folds:
    """
    Return positions in *rows* to learn from and to look at, for each fold.

    Rows of one group, such as a title, are looked at in one fold, with about the same
    share of each class in all. Rows that share a cluster with those that are looked at
    are not learnt from, in whatever group they are: to join groups through such short
    comments as "hay quá" would make one of nearly all. Of too few groups no folds can
    be made; then only clusters are kept together.

    Args:
        pool: What is audited.
        rows: Indices of rows in it.
        classes: The class of each.
        seed: Decides which group falls into which fold.
        leave: A kind of group that may cross: the one that is asked about.
    """
    clusters = pool.clusters[rows]
    groups = _groups(pool, rows, leave)
    if len(np.unique(groups)) < 2 * N_FOLDS:
        groups = clusters
    kind = GroupKFold if len(np.unique(groups)) > _MANY else StratifiedGroupKFold
    parts = kind(N_FOLDS, shuffle=True, random_state=seed)
    return [
        (learn[~np.isin(clusters[learn], clusters[look])], look)
        for learn, look in parts.split(classes, classes, groups)
    ]


def text_features(texts: Iterable[str]) -> sp.csr_matrix:
    """
    Return TF-IDF of words, pairs of words, and runs of 2 to 4 characters.

    It is fitted on all texts: how common a word is tells nothing of a label.
    """
    texts = list(texts)
    kinds = (word_weights(), gram_weights())
    return sp.csr_matrix(sp.hstack([v.fit_transform(texts) for v in kinds]))


def classify_text(
    features: sp.csr_matrix,
    classes: Classes,
    folds: Folds,
    *,
    seed: int,
) -> Floats:
    """Return the probability of each class, sorted, for each row out of its fold."""
    names = np.unique(classes)
    out = np.zeros((features.shape[0], len(names)))
    for learn, look in folds:
        model = LogisticRegression(
            class_weight="balanced", max_iter=_MAX_STEPS, tol=1e-3, random_state=seed
        )
        # On sparse rows threads wait for one another longer than they work.
        with threadpool_limits(1):
            model.fit(features[learn], classes[learn])
            found = model.predict_proba(features[look])
        out[np.ix_(look, np.searchsorted(names, model.classes_))] = found
    return out


def _groups(pool: Audited, rows: Ints, leave: str) -> Ints:
    """Return a number for the group of each row, or for its cluster if it has none."""
    numbers: dict[object, int] = {}
    found = []
    for i in rows:
        named = sorted((k, v) for k, v in pool.rows[i].groups.items() if k != leave)
        group = named[0] if named else int(pool.clusters[i])
        found.append(numbers.setdefault(group, len(numbers)))
    return np.array(found, dtype=np.int64)
