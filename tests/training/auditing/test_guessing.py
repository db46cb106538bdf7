"""Each thing beside the content guesses alone, and what belongs together also together."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np

from tests.fixtures.planted import null_rows, pool_of, with_facets
from training.auditing.beside import Kind
from training.auditing.guessing import Guess, guesses
from training.auditing.pool import Audited
from training.corpora.row import Head


def _guesses(pool: Audited) -> list[Guess]:
    truth = np.array([int(r.source_label) for r in pool.rows])
    return list(guesses(pool, np.arange(len(truth)), truth, seed=1))


def test_everything_beside_a_text_guesses() -> None:
    """Facets, parts of time, groups and style; facets and style also as a whole."""
    rows = with_facets(null_rows(n=300), "likes", lambda r: r.row_id[-2:])
    rows = with_facets(rows, "shares", lambda r: r.row_id[-1])
    rows = [
        replace(
            r,
            time=datetime(2020, 1 + i % 3, 5, tzinfo=UTC),
            groups={"title": f"{i % 30}"},
        )
        for i, r in enumerate(rows)
    ]

    found = _guesses(pool_of(rows))

    assert Counter(g.kind for g in found) == {
        Kind.FACET: 3,
        Kind.TIME: 3,
        Kind.GROUP: 1,
        Kind.STYLE: 10,
    }
    assert "likes, shares together" in {g.by for g in found}


def test_claims_are_guessed_from_overlap_and_from_half() -> None:
    """Of a claim, six counts of its overlap, and the statement without evidence."""
    rows = [
        replace(r, head=Head.CLAIM, labels={}, evidence=f"bằng chứng {i}")
        for i, r in enumerate(null_rows(n=300))
    ]

    found = Counter(g.kind for g in _guesses(pool_of(rows)))

    assert (found[Kind.PAIR], found[Kind.STATEMENT]) == (7, 1)


def test_group_of_one_row_does_not_guess() -> None:
    """A title that stands over a single row tells nothing of another."""
    rows = [
        replace(r, groups={"title": f"{i}"}) for i, r in enumerate(null_rows(n=300))
    ]

    assert not [g for g in _guesses(pool_of(rows)) if g.kind is Kind.GROUP]


def test_missing_values_are_counted() -> None:
    """How many rows lack a facet is said beside its guess."""
    rows = with_facets(null_rows(n=300), "topic", lambda r: r.row_id[-1])
    rows = [replace(r, facets={}) if i < 100 else r for i, r in enumerate(rows)]

    (facet,) = (g for g in _guesses(pool_of(rows)) if g.kind is Kind.FACET)

    assert facet.n_missing == 100
