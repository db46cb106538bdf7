"""A label that hangs on a month or a title is found; one that does not is not."""

import random
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from tests.fixtures.planted import null_rows, pool_of, published_pool, with_facets
from tests.fixtures.published import published_corpora
from training.auditing.pool import Severity
from training.auditing.rates import MIN_SHOWN, findings, measure_rates
from training.corpora.row import Row


def _in_months(rows: list[Row], seed: int = 1) -> list[Row]:
    """Return *rows* of which the abusive ones were mostly written in February."""
    rng = random.Random(seed)
    months = [2 if (rng.random() < 0.8) == (r.source_label == "1") else 3 for r in rows]
    return [
        replace(r, time=datetime(2020, m, 10, tzinfo=UTC))
        for r, m in zip(rows, months, strict=True)
    ]


def test_month_is_found() -> None:
    """The sentence names the months, their rates and how many rows they have."""
    section = measure_rates(pool_of(_in_months(null_rows())), seed=1)

    (finding,) = findings(section)
    (spread,) = section.spreads
    assert [v.value for v in spread.values] == ["2020-02", "2020-03"]
    assert spread.spread > 0.4
    assert finding.severity is Severity.BAD
    assert "of 2020-02 (" in finding.sentence


def test_null_pool_says_nothing() -> None:
    """Where months and facets are dealt out by chance, there is no finding."""
    rng = random.Random(3)
    rows = with_facets(null_rows(), "topic", lambda _: rng.choice("abcdefgh"))
    rows = with_facets(rows, "likes", lambda _: str(rng.randrange(1000)))

    section = measure_rates(pool_of(rows), seed=1)

    assert {s.by for s in section.spreads} == {"topic", "likes"}
    assert findings(section) == []


def test_small_values_are_counted_but_not_shown() -> None:
    """A rate of a few rows is left out, and the rows are named as others."""
    rows = with_facets(
        null_rows(), "topic", lambda r: "rare" if r.row_id.endswith("99") else "a"
    )
    rows = [replace(r, facets={}) if i % 2 else r for i, r in enumerate(rows)]

    (spread,) = measure_rates(pool_of(rows), seed=1).spreads

    assert all(v.rate.n >= MIN_SHOWN for v in spread.values)
    assert spread.n_others + sum(v.rate.n for v in spread.values) == len(rows)


@pytest.mark.slow
def test_february_of_reintel_is_found() -> None:
    """Two thirds of ReINTEL's posts of February 2020 are unreliable, a ninth of March."""
    section = measure_rates(published_pool(published_corpora(), "reintel"), seed=1)

    month = next(s for s in section.spreads if s.by == "month")
    rates = {v.value: v.rate.rate for v in month.values}
    assert rates["2020-02"] == pytest.approx(0.65, abs=0.03)
    assert rates["2020-03"] == pytest.approx(0.11, abs=0.03)
    assert any("by month" in f.sentence for f in findings(section))


@pytest.mark.slow
def test_titles_of_safesense_are_found() -> None:
    """Under some titles nine of ten comments are abusive, under others a fiftieth."""
    section = measure_rates(published_pool(published_corpora(), "safesense"), seed=1)

    assert [s.by for s in section.spreads if s.spread > 0.8] == ["title"]
