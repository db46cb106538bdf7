"""Which words carry a label, told apart into abuse and into topics that are punished."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from sklearn.feature_extraction.text import CountVectorizer

from kiemtin.text.syllables import words_of
from training.auditing.families import Family, Space, family, group
from training.auditing.highlights import highlighted_shares
from training.auditing.leaning import lean, rates_by_length
from training.auditing.pool import Audited, Finding, Ints, Section, Severity
from training.auditing.questions import (
    Question,
    Rate,
    Skipped,
    ask,
    once,
    rate_of,
)
from training.auditing.term import (
    MIN_N,
    MIN_Z,
    Term,
    TermKind,
    is_topic,
    term_of,
    without_halves,
)
from training.corpora.row import Head
from training.evaluation.standalone import percent
from training.evaluation.wording import WORD_PATTERN, plain

MIN_GAP, BAD_GAP = 0.1, 0.25
"""Between the rates of rows with a family's terms and of rows without."""

ALWAYS = 0.9
"""The rate of a topic term that hardly a row without the label has: people do not
write so, rows were picked."""

_MAX_TERMS = 40
_MAX_FAMILIES = 10
_MAX_FINDINGS = 6
"""Of one corpus, the largest families; the others are in the tables."""
_NAMED = 10
"""Terms of a family that a finding names."""
_HARM = frozenset({Head.HARM, Head.HIGHLIGHTS, Head.TARGETS})


class CorpusTerms(Section):
    """
    The terms of one corpus that carry its label; copies are counted once.

    Attributes:
        corpus: Its name.
        label: The label.
        rate: Of all rows.
        n_terms: How many terms were looked at.
        more: Terms whose rows have the label oftener, the surest first.
        less: Terms whose rows have it less.
        always: Topic terms of which nearly every row has the label.
        families: Topic terms that are said together, by how many rows they concern.
    """

    corpus: str
    label: str
    rate: Rate
    n_terms: int
    more: tuple[Term, ...]
    less: tuple[Term, ...]
    always: tuple[Term, ...]
    families: tuple[Family, ...]


class Terms(Section):
    """The terms that carry labels."""

    corpora: tuple[CorpusTerms, ...]
    skipped: tuple[Skipped, ...]


@dataclass(frozen=True, eq=False)
class _Counted:
    """Which row of a pool has which term, and how often each term is marked."""

    counts: sp.csr_matrix
    n_words: Ints
    names: Sequence[str]
    highlighted: Mapping[str, float]
    seed: int

    @cached_property
    def space(self) -> Space:
        """Where terms stand among others; it takes a while."""
        return Space(self.counts, seed=self.seed)


def find_terms(pool: Audited, *, seed: int) -> Terms:
    """Return the terms of *pool* that carry labels; *seed* is of their families."""
    questions, skipped = ask(pool)
    if not questions:
        return Terms(corpora=(), skipped=skipped)
    counted = _count(pool, seed)
    found = tuple(_terms_of(pool, q, counted) for q in questions)
    return Terms(corpora=found, skipped=skipped)


def findings(section: Terms) -> list[Finding]:
    """Return the topics that labels punish."""
    return [f for c in section.corpora for f in (*_of_always(c), *_of_families(c))]


def _of_always(found: CorpusTerms) -> Iterator[Finding]:
    if found.always:
        named = ", ".join(f"{t.term} ({t.n} rows)" for t in found.always[:_NAMED])
        yield Finding(
            severity=Severity.BAD,
            corpus=found.corpus,
            sentence=(
                f"nearly every row with one of these words is {found.label}, though "
                f"annotators hardly mark them: {named}; {percent(found.rate.rate)} of "
                "all rows is"
            ),
        )


def _of_families(found: CorpusTerms) -> Iterator[Finding]:
    for one in found.families[:_MAX_FINDINGS]:
        if one.gap >= MIN_GAP and one.rate.low > one.without.high:
            yield Finding(
                severity=Severity.BAD if one.gap >= BAD_GAP else Severity.WARN,
                corpus=found.corpus,
                sentence=_sentence(found, one),
            )


def _count(pool: Audited, seed: int) -> _Counted:
    vectorizer = CountVectorizer(
        token_pattern=WORD_PATTERN,
        ngram_range=(1, 2),
        min_df=MIN_N,
        binary=True,
        dtype=np.float32,
    )
    marks = highlighted_shares(pool)
    texts = [plain(r.text) for r in pool.rows]
    n_words = np.array([len(words_of(t)) for t in texts], dtype=np.int64)
    try:
        counts = sp.csr_matrix(vectorizer.fit_transform(texts))
    except ValueError:  # scikit-learn's word for: no term is in as many rows
        return _Counted(sp.csr_matrix((len(texts), 0)), n_words, (), marks, seed)
    names = vectorizer.get_feature_names_out().tolist()
    return _Counted(counts, n_words, names, marks, seed)


def _terms_of(pool: Audited, question: Question, counted: _Counted) -> CorpusTerms:
    asked = once(pool, question)
    counts = counted.counts[asked.rows]
    by_length = rates_by_length(counted.n_words[asked.rows], asked.truth)
    leaning = lean(counts, asked.truth, by_length)
    harm = pool.rows[asked.rows[0]].head in _HARM
    marks = counted.highlighted if harm else {}
    tested = leaning.n >= MIN_N
    order = [int(i) for i in np.argsort(-leaning.z, kind="stable") if tested[i]]
    more = {
        i: term_of(i, leaning, counted.names[i], marks)
        for i in order
        if leaning.z[i] >= MIN_Z
    }
    less = [
        term_of(i, leaning, counted.names[i], marks)
        for i in reversed(order)
        if leaning.z[i] <= -MIN_Z
    ]
    topics = {i: t for i, t in more.items() if is_topic(t, len(asked.rows))}
    whole = {i: topics[i] for i in without_halves(topics)}
    return CorpusTerms(
        corpus=asked.corpus,
        label=asked.label,
        rate=rate_of(asked.truth),
        n_terms=len(order),
        more=tuple(more.values())[:_MAX_TERMS],
        less=tuple(less[:_MAX_TERMS]),
        always=tuple(
            t for t in whole.values() if t.kind is TermKind.TOPIC and t.rate >= ALWAYS
        ),
        families=_families(counted, asked, by_length, whole),
    )


def _families(
    counted: _Counted,
    asked: Question,
    by_length: NDArray[np.float64],
    topics: Mapping[int, Term],
) -> tuple[Family, ...]:
    """Return the families of *topics*, those first that most rows are in beyond reason."""
    counts = counted.counts[asked.rows]
    kept = list(topics)
    if len(kept) < 2:  # noqa: PLR2004 - nothing to compare
        return ()
    found = []
    for members in group(counted.space.vectors(kept)):
        columns = [kept[m] for m in members]
        terms = [topics[c] for c in columns]
        marks = [t.highlighted for t in terms if t.highlighted is not None]
        names = [t.term for t in terms]
        one = family(counts, asked.truth, by_length, columns, names, marks)
        if one:
            found.append(one)
    return tuple(sorted(found, key=_excess, reverse=True)[:_MAX_FAMILIES])


def _excess(found: Family) -> float:
    return found.rate.n * (found.rate.rate - found.like_length)


def _sentence(found: CorpusTerms, one: Family) -> str:
    named = ", ".join(one.terms[:_NAMED])
    others = len(one.terms) - _NAMED
    more = f" and {others} more" if others > 0 else ""
    marked = (
        f"; annotators marked these words in {percent(one.highlighted)} of places"
        if one.highlighted is not None
        else ""
    )
    return (
        f"{one.rate.n} rows with {named}{more} are {percent(one.rate.rate)} "
        f"{found.label}, others {percent(one.without.rate)}, rows as long "
        f"{percent(one.like_length)}{marked}"
    )
