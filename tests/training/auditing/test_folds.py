"""What is looked at was never learnt from, nor was a copy of it."""

from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fixtures.planted import null_rows, plain_rows, pool_of
from training.auditing.folds import classify_text, grouped_folds, text_features
from training.auditing.pool import Audited


def _pool(n_clusters: int, n_titles: int, n: int = 200) -> Audited:
    rows = [
        replace(r, groups={"title": f"t{i % n_titles}"})
        for i, r in enumerate(null_rows(n))
    ]
    return pool_of(rows, [i % n_clusters for i in range(n)])


@settings(deadline=None, max_examples=25)
@given(st.integers(10, 200), st.integers(10, 200), st.integers(0, 3))
def test_no_group_and_no_cluster_crosses(
    n_clusters: int, n_titles: int, seed: int
) -> None:
    """Each row is looked at once, by who has seen nothing of its title or its copies."""
    pool = _pool(n_clusters, n_titles)
    rows = pool.of("vihsd")
    truth = np.array([r.source_label for r in pool.rows])

    folds = grouped_folds(pool, rows, truth, seed=seed)

    assert sorted(i for _, look in folds for i in look) == list(range(len(rows)))
    for learn, look in folds:
        assert not set(pool.clusters[learn]) & set(pool.clusters[look])
        titles = [{pool.rows[i].groups["title"] for i in x} for x in (learn, look)]
        assert not titles[0] & titles[1]


def test_group_that_is_asked_about_may_cross() -> None:
    """Whether titles tell the label can only be seen where a title is on both sides."""
    pool = _pool(200, 10)
    rows = pool.of("vihsd")
    truth = np.array([r.source_label for r in pool.rows])

    for learn, look in grouped_folds(pool, rows, truth, seed=1, leave="title"):
        titles = [{pool.rows[i].groups["title"] for i in x} for x in (learn, look)]
        assert titles[0] & titles[1]


def test_few_groups_are_not_kept_together() -> None:
    """Five folds cannot be made of two titles; clusters are still kept together."""
    pool = _pool(50, 2)
    rows = pool.of("vihsd")
    truth = np.array([r.source_label for r in pool.rows])

    folds = grouped_folds(pool, rows, truth, seed=1)

    assert all(len(learn) and len(look) for learn, look in folds)
    assert not any(set(pool.clusters[a]) & set(pool.clusters[b]) for a, b in folds)


def test_words_are_learnt_and_chance_is_not() -> None:
    """Words that make the label are found out of fold, and where none do, none are."""
    for rows, low, high in ((plain_rows(), 0.95, 1.0), (null_rows(), 0.4, 0.6)):
        pool = pool_of(rows)
        truth = np.array([r.source_label for r in rows])
        folds = grouped_folds(pool, pool.of("vihsd"), truth, seed=1)

        found = classify_text(
            text_features([r.text for r in rows]), truth, folds, seed=1
        )

        right = np.array(["0", "1"])[found.argmax(axis=1)] == truth
        balanced = np.mean([right[truth == c].mean() for c in "01"])
        assert low <= balanced <= high
        assert np.allclose(found.sum(axis=1), 1)
