"""A topic that labels punish is found without being told of it."""

import random
from dataclasses import replace

import pytest

from tests.fixtures.planted import (
    ABUSE,
    TOPIC,
    harm_row,
    marked_rows,
    null_rows,
    plain_rows,
    pool_of,
    published_pool,
    say,
    topic_rows,
)
from tests.fixtures.published import published_corpora
from training.auditing.term import TermKind
from training.auditing.terms import CorpusTerms, Terms, find_terms, findings
from training.corpora.row import Row


def _of(section: Terms, corpus: str) -> CorpusTerms:
    return next(c for c in section.corpora if c.corpus == corpus)


def test_topic_is_found_as_a_family() -> None:
    """Dams are no abuse, and comments about them are abusive far too often."""
    section = find_terms(pool_of([*topic_rows(), *marked_rows()]), seed=1)

    (family,) = _of(section, "vihsd").families
    assert set(family.terms) <= set(TOPIC)
    assert len(family.terms) > 5
    assert family.rate.rate > 0.4
    assert family.without.rate < 0.2
    assert family.highlighted == 0
    (finding,) = (f for f in findings(section) if f.corpus == "vihsd")
    assert f"{family.rate.n} rows with {family.terms[0]}" in finding.sentence


def test_abuse_is_told_from_topics() -> None:
    """Words that annotators marked carry the label too, and are no family."""
    section = find_terms(pool_of([*topic_rows(), *marked_rows()]), seed=1)

    kinds = {t.term: t.kind for t in _of(section, "vihsd").more}
    assert {kinds[a] for a in ABUSE} == {TermKind.ABUSE}
    assert {kinds[t] for t in TOPIC} == {TermKind.TOPIC}


def test_topic_of_which_no_row_is_clean_is_named() -> None:
    """If only abusive rows name a thing that nobody marks, rows were picked."""
    rng = random.Random(4)
    rows = [
        harm_row(9000 + i, say(rng, "giếng"), abusive=True, corpus="vihsd")
        for i in range(40)
    ]
    seen = [replace(r, text=say(rng, "giếng")) for r in marked_rows(n=20, seed=5)]
    unmarked = [replace(r, spans=(), row_id=f"dev:{i}") for i, r in enumerate(seen)]

    section = find_terms(
        pool_of([*topic_rows(), *rows, *unmarked, *marked_rows()]), seed=1
    )

    assert [t.term for t in _of(section, "vihsd").always] == ["giếng"]
    assert any("giếng (40 rows)" in f.sentence for f in findings(section))


def test_without_marks_nothing_is_known_of_terms() -> None:
    """If no corpus has highlights, a term that carries the label may be either."""
    section = find_terms(pool_of(topic_rows()), seed=1)

    assert {t.kind for t in _of(section, "vihsd").more} == {TermKind.UNKNOWN}
    assert all(f.highlighted is None for f in _of(section, "vihsd").families)
    assert "annotators" not in "".join(f.sentence for f in findings(section))


def test_honest_pool_has_no_topics() -> None:
    """Where only abuse makes the label, no family is found."""
    section = find_terms(pool_of([*plain_rows(), *marked_rows()]), seed=1)

    assert _of(section, "vihsd").families == ()


def test_null_pool_has_no_families() -> None:
    """Where the label hangs on nothing, nothing is reported."""
    section = find_terms(pool_of(null_rows(n=2000)), seed=1)

    assert findings(section) == []
    assert _of(section, "vihsd").n_terms > 50


@pytest.mark.parametrize("rows", [[], null_rows(n=50)])
def test_small_pool_is_skipped(rows: list[Row]) -> None:
    """A pool without rows, or with few, has no terms and no error."""
    assert find_terms(pool_of(rows), seed=1).corpora == ()


def test_same_seed_same_terms() -> None:
    """The same pool gives the same terms in the same order."""
    pool = pool_of([*topic_rows(), *marked_rows()])

    assert find_terms(pool, seed=1) == find_terms(pool, seed=1)


@pytest.mark.slow
def test_official_words_of_vihsd_are_found() -> None:
    """Comments on state and party are mostly not clean, though nobody marked the words."""
    pool = published_pool(published_corpora(), "vihsd", "vihos")
    official = {"chính phủ", "nhà nước", "đảng", "lãnh đạo", "cộng sản", "đất nước"}

    section = find_terms(pool, seed=1)

    families = [f for f in _of(section, "vihsd").families if official & set(f.terms)]
    assert len(official & {t for f in families for t in f.terms}) >= 3
    for family in families:
        assert family.rate.low > 0.33 > family.without.high + 0.1
        assert (family.highlighted or 0) < 0.35
    said = [f.sentence for f in findings(section) if f.corpus == "vihsd"]
    assert any("lãnh đạo" in s and "nhà nước" in s for s in said)


@pytest.mark.slow
def test_topics_of_reintel_are_found() -> None:
    """Posts about the virus's origin lean to unreliable, whatever they say of it."""
    section = find_terms(published_pool(published_corpora(), "reintel"), seed=1)

    families = _of(section, "reintel").families
    virus = next(f for f in families if "vũ hán" in f.terms)
    assert virus.rate.low > virus.without.high
