"""A facet that gives the label away is found; copies and chance are not taken for one."""

import random

import pytest

from tests.fixtures.planted import (
    harm_row,
    null_rows,
    pool_of,
    published_pool,
    say,
    with_facets,
)
from tests.fixtures.published import published_corpora
from training.auditing.beside import Kind
from training.auditing.giveaways import Giveaways, Metric, find_giveaways, findings
from training.auditing.pool import Severity


def _of(section: Giveaways, by: str) -> float:
    return next(g.figure.value for g in section.giveaways if g.by == by)


def test_planted_facet_is_found() -> None:
    """Who sent a message tells its label in four of five rows, and the audit says so."""
    rng = random.Random(1)
    rows = with_facets(
        null_rows(),
        "sender",
        lambda r: r.source_label if rng.random() < 0.8 else rng.choice("01"),
    )

    section = find_giveaways(pool_of(rows), seed=1)

    (finding,) = findings(section)
    assert section.giveaways[0].by == "sender"
    assert section.giveaways[0].figure.low > 0.8
    assert finding.severity is Severity.BAD
    assert finding.sentence.startswith("sender, without the text, tells abusive")


def test_planted_style_is_found() -> None:
    """If only who is abusive shouts, capitals alone tell."""
    rows = null_rows()
    loud = [
        harm_row(i, r.text.upper() if r.labels and any(r.labels.values()) else r.text,
                 abusive=any(r.labels.values()))
        for i, r in enumerate(rows)
    ]  # fmt: skip

    section = find_giveaways(pool_of(loud), seed=1)

    assert _of(section, "capitals") > 0.99
    assert _of(section, "links") == 0.5


def test_null_pool_gives_nothing_away() -> None:
    """Where nothing tells the label, no figure is far from chance."""
    rng = random.Random(2)
    rows = with_facets(null_rows(n=1500), "topic", lambda _: rng.choice("abcdefgh"))

    section = find_giveaways(pool_of(rows), seed=1)

    assert findings(section) == []
    assert max(g.figure.value for g in section.giveaways) < 0.58


def test_copies_do_not_cross() -> None:
    """A number that only copies share is no giveaway, as no copy was learnt from."""
    rng = random.Random(3)
    rows, clusters = [], []
    for c in range(300):
        text, bad = say(rng), rng.random() < 0.4
        for k in range(3):
            rows.append(harm_row(3 * c + k, f"{text} {k}", abusive=bad))
            clusters.append(3 * c)
    rows = with_facets(rows, "likes", lambda r: str(int(r.row_id[6:]) // 3))

    section = find_giveaways(pool_of(rows, clusters), seed=1)

    assert _of(section, "likes") < 0.6


def test_same_seed_same_figures() -> None:
    """The same pool gives the same giveaways in the same order."""
    pool = pool_of(with_facets(null_rows(), "topic", lambda r: r.row_id[-1]))

    assert find_giveaways(pool, seed=1) == find_giveaways(pool, seed=1)


@pytest.mark.slow
def test_engagement_and_month_of_reintel_are_found() -> None:
    """How a post fared tells its label with AUC 0.8, when it was written with 0.65."""
    section = find_giveaways(published_pool(published_corpora(), "reintel"), seed=1)

    assert _of(section, "comments, likes, shares together") == pytest.approx(
        0.81, abs=0.02
    )
    assert _of(section, "month") == pytest.approx(0.66, abs=0.02)
    kinds = {g.kind for g in section.giveaways if g.figure.value > 0.6}
    assert {Kind.FACET, Kind.TIME} <= kinds


@pytest.mark.slow
def test_overlap_of_vifactcheck_is_found() -> None:
    """Six counts of overlap tell three classes with macro-F1 0.66, without reading."""
    section = find_giveaways(published_pool(published_corpora(), "vifactcheck"), seed=1)

    assert {g.metric for g in section.giveaways} == {Metric.MACRO_F1}
    assert _of(section, "overlap and numbers together") == pytest.approx(0.66, abs=0.02)
    assert 0.4 < _of(section, "the statement alone") < 0.5


@pytest.mark.slow
def test_sender_of_smishing_is_found() -> None:
    """Who sent a message is a shortcut, and the worst one of its corpus."""
    pool = published_pool(published_corpora(), "ie403_smishing")

    section = find_giveaways(pool, seed=1)

    assert _of(section, "sender_type") > 0.75
    assert any("sender_type" in f.sentence for f in findings(section))
