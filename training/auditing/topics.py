"""What each corpus talks about, and how the label is spread over its topics."""

from collections.abc import Mapping

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from sklearn.decomposition import NMF

from training.auditing.highlights import MAX_HIGHLIGHTED, highlighted_shares
from training.auditing.pool import Audited, Finding, Ints, Section, Severity
from training.auditing.questions import (
    Question,
    Rate,
    Skipped,
    ask,
    once,
    rate_of,
)
from training.evaluation.standalone import percent
from training.evaluation.wording import plain, word_weights

N_TOPICS = 20
MIN_N = 50
"""Rows of a topic that may be a finding."""
MIN_GAP, BAD_GAP = 0.15, 0.3
"""Between the rate of a topic and that of its corpus, which its interval must clear."""
MAX_FINDINGS = 5
"""Of one corpus, those furthest off; the others are in the tables."""

_MIN_ROWS_OF_WORD = 10
_MAX_SHARE = 0.1
"""Of rows: words in more of them are grammar, and would make a topic of everything."""
_MAX_WORDS = 4_000
_MAX_STEPS = 200
_N_NAMED = 8
_NO_TOPIC = -1


class Topic(Section):
    """
    Rows that are about the same, by their most telling words.

    Attributes:
        words: Those words, and pairs of words.
        rate: Of the rows.
        highlighted: The share of places where annotators of highlights marked the
            words, as a mean over those that they saw.
    """

    words: tuple[str, ...]
    rate: Rate
    highlighted: float | None


class CorpusTopics(Section):
    """
    The topics of one corpus, the highest rate first; copies are counted once.

    Attributes:
        corpus: Its name.
        label: What is counted.
        rate: Of all rows.
        topics: Each row is in the one that weighs most in it.
        n_others: How many rows say nothing of any topic.
    """

    corpus: str
    label: str
    rate: Rate
    topics: tuple[Topic, ...]
    n_others: int


class Topics(Section):
    """The topics of each corpus."""

    corpora: tuple[CorpusTopics, ...]
    skipped: tuple[Skipped, ...]


def find_topics(pool: Audited, *, seed: int) -> Topics:
    """Return the topics of each corpus of *pool*; *seed* is of their beginning."""
    questions, skipped = ask(pool)
    marks = highlighted_shares(pool)
    found = tuple(_topics_of(pool, once(pool, q), marks, seed) for q in questions)
    return Topics(corpora=found, skipped=skipped)


def findings(section: Topics) -> list[Finding]:
    """Return the topics of which the rate is far from that of their corpus."""
    return [
        Finding(severity=_severity(c, t), corpus=c.corpus, sentence=_sentence(c, t))
        for c in section.corpora
        for t in sorted(_odd(c), key=lambda t: -_gap(c, t))[:MAX_FINDINGS]
    ]


def _topics_of(
    pool: Audited, asked: Question, marks: Mapping[str, float], seed: int
) -> CorpusTopics:
    words, weights = _features([plain(pool.rows[i].text) for i in asked.rows])
    homes, components = _factor(weights, seed)
    found = []
    for i in np.unique(homes[homes != _NO_TOPIC]):
        named = words[np.argsort(-components[i], kind="stable")[:_N_NAMED]].tolist()
        seen = [marks[w] for w in named if w in marks]
        topic = Topic(
            words=tuple(named),
            rate=rate_of(asked.truth[homes == i]),
            highlighted=round(float(np.mean(seen)), 4) if seen else None,
        )
        found.append(topic)
    return CorpusTopics(
        corpus=asked.corpus,
        label=asked.label,
        rate=rate_of(asked.truth),
        topics=tuple(sorted(found, key=lambda t: -t.rate.rate)),
        n_others=int((homes == _NO_TOPIC).sum()),
    )


def _features(texts: list[str]) -> tuple[NDArray[np.str_], sp.csr_matrix]:
    vectorizer = word_weights(
        max_features=_MAX_WORDS, min_df=_MIN_ROWS_OF_WORD, max_df=_MAX_SHARE
    )
    try:
        weights = sp.csr_matrix(vectorizer.fit_transform(texts))
    except ValueError:  # scikit-learn's word for: no word is in as many rows
        return np.empty(0, dtype=np.str_), sp.csr_matrix((len(texts), 0))
    return np.array(vectorizer.get_feature_names_out(), dtype=np.str_), weights


def _factor(weights: sp.csr_matrix, seed: int) -> tuple[Ints, NDArray[np.float32]]:
    """Return the topic of each row and the weight of each word in each topic."""
    n = min(N_TOPICS, *weights.shape)
    if not n:
        return np.full(weights.shape[0], _NO_TOPIC), np.empty((0, 0), np.float32)
    model = NMF(
        n, init="nndsvda", max_iter=_MAX_STEPS, tol=1e-3, random_state=seed
    )  # non-negative, so that a row is a sum of topics (Lee and Seung 1999)
    in_rows = model.fit_transform(weights)
    in_rows *= model.components_.sum(axis=1)
    homes = np.where(in_rows.max(axis=1) > 0, in_rows.argmax(axis=1), _NO_TOPIC)
    return homes.astype(np.int64), model.components_


def _odd(found: CorpusTopics) -> list[Topic]:
    """Return topics whose rate is far off, though their words are no abuse."""
    return [
        t
        for t in found.topics
        if t.rate.n >= MIN_N
        and _gap(found, t) >= MIN_GAP
        and (t.highlighted or 0.0) < MAX_HIGHLIGHTED
    ]


def _gap(found: CorpusTopics, topic: Topic) -> float:
    of_all = found.rate.rate
    if topic.rate.low <= of_all <= topic.rate.high:
        return 0.0
    return abs(topic.rate.rate - of_all)


def _severity(found: CorpusTopics, topic: Topic) -> Severity:
    if topic.rate.rate < found.rate.rate:
        return Severity.INFO
    return Severity.BAD if _gap(found, topic) >= BAD_GAP else Severity.WARN


def _sentence(found: CorpusTopics, topic: Topic) -> str:
    return (
        f"of {topic.rate.n} rows about {', '.join(topic.words)}, "
        f"{percent(topic.rate.rate)} is {found.label}; {percent(found.rate.rate)} of all"
    )
