"""What a corpus talks about is found, and a topic of another rate is a finding."""

import pytest

from tests.fixtures.planted import (
    TOPIC,
    marked_rows,
    null_rows,
    pool_of,
    published_pool,
    topic_rows,
)
from tests.fixtures.published import published_corpora
from training.auditing.pool import Severity
from training.auditing.topics import find_topics, findings


def test_planted_topic_is_a_finding() -> None:
    """Rows about dams are one topic, and its rate is far above the others."""
    section = find_topics(pool_of([*topic_rows(), *marked_rows()]), seed=1)

    said = [f for f in findings(section) if f.corpus == "vihsd"]
    about = [f for f in said if any(t in f.sentence for t in TOPIC)]
    assert about
    assert {f.severity for f in about} <= {Severity.WARN, Severity.BAD}


def test_every_row_is_in_one_topic_or_none() -> None:
    """Topics and what says nothing of any add up to the corpus."""
    (found,) = find_topics(pool_of(topic_rows()), seed=1).corpora

    n_in_topics = sum(t.rate.n for t in found.topics)
    assert n_in_topics + found.n_others == found.rate.n


def test_topics_are_the_same_for_a_seed() -> None:
    """The same pool gives the same topics in the same order."""
    pool = pool_of(topic_rows())

    assert find_topics(pool, seed=1) == find_topics(pool, seed=1)


def test_null_pool_has_no_odd_topic() -> None:
    """Where the label hangs on nothing, no topic is a finding."""
    assert findings(find_topics(pool_of(null_rows(n=1500)), seed=1)) == []


def test_corpus_without_common_words_has_no_topics() -> None:
    """Where no word stands in enough rows, all rows are others."""
    rows = [
        r.__class__(r.corpus, r.row_id, f"{i}", r.head, r.labels, r.source_label)
        for i, r in enumerate(null_rows(n=300))
    ]

    (found,) = find_topics(pool_of(rows), seed=1).corpora

    assert (found.topics, found.n_others) == ((), 300)


@pytest.mark.slow
def test_reintel_has_topics_that_lean() -> None:
    """Advice on how to keep the virus off is unreliable far more often than the rest."""
    section = find_topics(published_pool(published_corpora(), "reintel"), seed=1)

    assert [f for f in findings(section) if f.severity is Severity.BAD]
