"""Learn the wide part: an expert for each label of each kind of text, and a gate."""

from collections import Counter
from collections.abc import Sequence

import numpy as np
import scipy.sparse as sp
import structlog
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits

from kiemtin.labels import Label
from kiemtin.manifest import Absence, Expert, Mixing, Wide
from kiemtin.text import normalize
from kiemtin.text.segment import installed_version, load_segmenter, segment
from kiemtin.wide import WidePart
from training.corpora.row import Row
from training.errors import RecipeError
from training.recipes import TrainRecipe
from training.recipes.tuning import WideSection
from training.wide.features import Features, Read, make_features, written

_STEPS_OF_EXPERT, _STEPS_OF_GATE = 300, 60
_LARGEST = 127

Weights = NDArray[np.float32]

log = structlog.get_logger()


def learn_wide(
    recipe: TrainRecipe, section: WideSection, rows: Sequence[Row]
) -> WidePart:
    """
    Learn a wide part from *rows*, which train; its mixing is that of the network alone.

    Each row counts three times: as it is, without diacritics, and perturbed as the
    recipe's ``[augment.perturbed]`` says. All models are logistic regressions with
    their classes balanced; a weight is kept in one byte.

    Raises:
        RecipeError: If no corpus has as many rows as make a kind of text.
    """
    kinds = kinds_of(rows, section.least_rows)
    if not kinds:
        msg = f"no corpus has {section.least_rows} rows to train on, wide.least_rows"
        raise RecipeError(msg)
    rows = [r for r in rows if r.corpus in kinds]
    texts = written(rows, recipe.augment.perturbed, recipe.seed, section.swapped)
    features = make_features(texts, section.bits, reader_of(recipe))
    experts = [e for x in Label for e in _experts(x, rows, kinds)]
    columns = [*_gate(features, rows, kinds, section)]
    for expert in experts:
        log.info("learning an expert", label=expert.label, kind=expert.kind)
        columns.append(_expert(expert, features, rows, section))
    spec = Wide(
        bits=section.bits,
        kinds=kinds,
        experts=tuple(experts),
        absent=_absent(recipe, section, kinds, experts),
        mixing=dict.fromkeys(Label, Mixing(network=1, wide=0)),
    )
    return _packed(spec, columns, features.rarity)


def kinds_of(rows: Sequence[Row], least: int) -> tuple[str, ...]:
    """Return the corpora with at least so many of *rows*, in order of appearance."""
    counts = Counter(r.corpus for r in rows)
    return tuple(c for c, n in counts.items() if n >= least)


def reader_of(recipe: TrainRecipe) -> Read:
    """Return what gives a raw text the form in which serving scores it."""
    segmenter = load_segmenter(
        recipe.segmenter, installed_version(recipe.segmenter) or ""
    )
    return lambda text: segment(normalize(text), segmenter).text


def _experts(label: Label, rows: Sequence[Row], kinds: Sequence[str]) -> list[Expert]:
    """Return the kinds whose rows carry *label*, some of them as true."""
    found: dict[str, set[bool]] = {}
    for row in rows:
        if label in row.labels:
            found.setdefault(row.corpus, set()).add(bool(row.labels[label]))
    return [Expert(label=label, kind=k) for k in kinds if len(found.get(k, ())) > 1]


def _absent(
    recipe: TrainRecipe,
    section: WideSection,
    kinds: Sequence[str],
    experts: Sequence[Expert],
) -> dict[Label, Absence]:
    """Return where the recipe takes a label for absent and no expert knows better."""
    known = {(x.label, x.kind) for x in experts}
    found: dict[Label, list[str]] = {}
    for assumed in recipe.assumed_negative:
        for kind in assumed.corpora:
            if kind in kinds and (assumed.label, kind) not in known:
                found.setdefault(assumed.label, []).append(kind)
    return {
        label: Absence(
            kinds=tuple(found[label]), below=below, logit=section.absent_logit
        )
        for label, below in section.absent_below.items()
        if label in found
    }


Column = tuple[Weights, float]
"""Weights of shape (buckets,), and a bias."""


def _expert(
    expert: Expert, features: Features, rows: Sequence[Row], section: WideSection
) -> Column:
    chosen = [
        i
        for i, r in enumerate(rows)
        if r.corpus == expert.kind and expert.label in r.labels
    ]
    truth = np.array([int(rows[i].labels[expert.label]) for i in chosen])
    *_, column = _learn(
        features, chosen, truth, len(rows), section.strength, _STEPS_OF_EXPERT
    )
    return column


def _gate(
    features: Features, rows: Sequence[Row], kinds: Sequence[str], section: WideSection
) -> list[Column]:
    rng = np.random.default_rng(0)
    corpus = np.array([kinds.index(r.corpus) for r in rows])
    chosen = np.concatenate(
        [
            rng.permutation(np.flatnonzero(corpus == k))[: section.gate_rows]
            for k in range(len(kinds))
        ]
    )
    log.info("learning the gate", kinds=len(kinds), rows=len(chosen))
    return _learn(
        features, chosen, corpus[chosen], len(rows), section.strength, _STEPS_OF_GATE
    )


def _learn(
    features: Features,
    chosen: Sequence[int] | NDArray[np.int64],
    classes: NDArray[np.int64],
    n_rows: int,
    strength: float,
    steps: int,
) -> list[Column]:
    """Return a column for each class; of two, the first says nothing."""
    n_buckets = features.matrix.shape[1]
    nothing = np.zeros(n_buckets, dtype=np.float32), 0.0
    if len(np.unique(classes)) == 1:
        return [nothing]
    n_copies = features.matrix.shape[0] // n_rows
    places = np.concatenate(
        [np.asarray(chosen) + copy * n_rows for copy in range(n_copies)]
    )
    part = features.matrix[places]
    met = np.unique(part.indices)
    model = LogisticRegression(
        C=strength, class_weight="balanced", max_iter=steps, tol=1e-4
    )
    # On sparse rows threads wait for one another longer than they work.
    with threadpool_limits(1):
        model.fit(sp.csr_matrix(part[:, met]), np.tile(classes, n_copies))
    columns = []
    for coefficients, bias in zip(model.coef_, model.intercept_, strict=True):
        weights = np.zeros(n_buckets, dtype=np.float32)
        weights[met] = coefficients
        columns.append((weights, float(bias)))
    return columns if len(columns) > 1 else [nothing, *columns]


def _packed(
    spec: Wide, columns: Sequence[Column], rarity: NDArray[np.float16]
) -> WidePart:
    weights = np.stack([w for w, _ in columns], axis=1)
    scales = np.abs(weights).max(axis=0) / _LARGEST
    scales[scales == 0] = 1
    return WidePart(
        spec,
        weights=np.round(weights / scales).astype(np.int8),
        scales=scales.astype(np.float32),
        bias=np.array([b for _, b in columns], dtype=np.float32),
        rarity=rarity,
    )
