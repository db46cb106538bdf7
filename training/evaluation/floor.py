"""The floor: words and characters weighed by a linear model, which any bundle must beat."""

import hashlib
from collections.abc import Iterable, Sequence
from pathlib import Path
from tempfile import NamedTemporaryFile

import numpy as np
import scipy.sparse as sp
import structlog
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits

from kiemtin.labels import Label
from training.corpora.row import Row
from training.evaluation.floor_thresholds import flag
from training.evaluation.scored import Scored, has_three_classes, labels_of
from training.evaluation.wording import gram_weights, plain, word_weights
from training.rows import Pool
from training.splits import Split

FLOOR_VERSION = 1
"""Bump on every change of what is computed: what is kept is then made anew."""

_MAX_STEPS = 200
_LABELS = list(Label)
_JUDGED = (Split.DEV, Split.TEST)

log = structlog.get_logger()


def score_floor(pool: Pool, split: Split, *, cache: Path) -> Scored:
    """
    Return what the floor says of the rows of *split*, which is dev or test.

    One model is learnt for each corpus and label from the rows of *pool* that train,
    and one for the three classes of corpora that have them: logistic regression,
    classes balanced, over TF-IDF of words, pairs of words, and two to four characters.
    Its thresholds have the best macro-F1 on dev, for each corpus on its own; a bundle
    has one threshold for all corpora. Labels that a corpus does not carry are NaN.

    Args:
        pool: Of the very rows that the bundle could learn from.
        split: Which rows.
        cache: A folder where scores are kept, by a digest of all that decides them.
    """
    parts = [
        _of_corpus(corpus, pool, split, cache)
        for corpus in dict.fromkeys(r.corpus for r in pool.rows[split])
    ]
    rows = [r for part in parts for r in part.rows]
    scores = [part.scores for part in parts] or [np.empty((0, len(_LABELS)))]
    flags = [part.flags for part in parts] or [np.empty((0, len(_LABELS)), dtype=bool)]
    return Scored(rows, np.concatenate(scores), np.concatenate(flags))


def _of_corpus(corpus: str, pool: Pool, split: Split, cache: Path) -> Scored:
    rows = {
        s: [r for r in pool.rows[s] if r.corpus == corpus]
        for s in (Split.TRAIN, *_JUDGED)
    }
    kept = cache / f"{corpus}-{_digest(rows.values())}.npz"
    if not kept.is_file():
        log.info("learning the floor", corpus=corpus, rows=len(rows[Split.TRAIN]))
        _keep(kept, _learn(rows[Split.TRAIN], {s: rows[s] for s in _JUDGED}))
    with np.load(kept, allow_pickle=False) as found:
        return Scored(rows[split], found[f"{split}_scores"], found[f"{split}_flags"])


def _learn(
    train: Sequence[Row], judged: dict[Split, list[Row]]
) -> dict[str, NDArray[np.float64] | NDArray[np.bool_]]:
    scores = dict(zip(judged, _score(train, list(judged.values())), strict=True))
    dev = _unflagged(judged[Split.DEV], scores[Split.DEV])
    out: dict[str, NDArray[np.float64] | NDArray[np.bool_]] = {}
    for split, found in scores.items():
        out[f"{split}_scores"] = found
        out[f"{split}_flags"] = flag(found, chosen_on=dev)
    return out


def _score(
    train: Sequence[Row], judged: Sequence[Sequence[Row]]
) -> list[NDArray[np.float64]]:
    """Return scores of shape (rows, labels) of each of *judged*."""
    out = [np.full((len(rows), len(_LABELS)), np.nan) for rows in judged]
    learnt = _unflagged(train, np.zeros((len(train), len(_LABELS))))
    labels = labels_of(learnt)
    if not labels:
        return out
    learn, *look = _features([train, *judged])
    if has_three_classes(learnt):
        classes = learnt.truth(Label.ABUSIVE) + learnt.truth(Label.HATE)
        for scores, found in zip(
            out, _probabilities(learn, classes, look), strict=True
        ):
            scores[:, _LABELS.index(Label.ABUSIVE)] = found[:, 1:].sum(axis=1)
            scores[:, _LABELS.index(Label.HATE)] = found[:, 2]
        return out
    for label in labels:
        truth = learnt.truth(label)
        for scores, found in zip(out, _probabilities(learn, truth, look), strict=True):
            scores[:, _LABELS.index(label)] = found[:, 1]
    return out


def _features(parts: Sequence[Sequence[Row]]) -> list[sp.csr_matrix]:
    """Return the features of each of *parts*; the first says which there are."""
    texts = [[plain(r.text) for r in rows] for rows in parts]
    kinds = [word_weights(), gram_weights()]
    for kind in kinds:
        kind.fit(texts[0])
    return [
        sp.csr_matrix(sp.hstack([kind.transform(t) for kind in kinds]))
        if t
        else sp.csr_matrix((0, sum(len(kind.vocabulary_) for kind in kinds)))
        for t in texts
    ]


def _probabilities(
    learn: sp.csr_matrix, classes: NDArray[np.int64], look: Sequence[sp.csr_matrix]
) -> list[NDArray[np.float64]]:
    model = LogisticRegression(
        class_weight="balanced", max_iter=_MAX_STEPS, tol=1e-3, random_state=0
    )
    # On sparse rows threads wait for one another longer than they work.
    with threadpool_limits(1):
        model.fit(learn, classes)
        return [
            np.asarray(model.predict_proba(x), dtype=np.float64)
            if x.shape[0]
            else np.empty((0, len(model.classes_)))
            for x in look
        ]


def _unflagged(rows: Sequence[Row], scores: NDArray[np.float64]) -> Scored:
    return Scored(list(rows), scores, np.zeros(scores.shape, dtype=bool))


def _digest(parts: Iterable[Sequence[Row]]) -> str:
    digest = hashlib.sha256(f"floor {FLOOR_VERSION}".encode())
    for rows in parts:
        digest.update(f"\n{len(rows)}\n".encode())
        for row in rows:
            labels = sorted((str(x), yes) for x, yes in row.labels.items())
            digest.update(f"{row.key}\t{labels}\t{row.text!a}\n".encode())
    return digest.hexdigest()[:16]


def _keep(
    path: Path, arrays: dict[str, NDArray[np.float64] | NDArray[np.bool_]]
) -> None:
    """Write *arrays* aside and rename them, so that no half of them is ever read."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=path.parent, suffix=".tmp", delete=False) as aside:
        np.savez(aside, allow_pickle=False, **arrays)
    Path(aside.name).replace(path)
