"""Which rows a model that never saw them would label otherwise: a list for people."""

from collections import Counter

import numpy as np
from cleanlab.filter import find_label_issues as flag_rows
from cleanlab.rank import get_label_quality_scores
from numpy.typing import NDArray
from pydantic import Field

from training.auditing.folds import Floats, classify_text, grouped_folds, text_features
from training.auditing.pool import Audited, Finding, Ints, Section, Severity
from training.auditing.predicting import mean_f1
from training.auditing.questions import Question, Skipped, ask, classes_of
from training.corpora.row import Head
from training.evaluation.metrics import Figure
from training.evaluation.standalone import percent
from training.evaluation.wording import plain

NOTE = (
    "A high rank is a question for a person, not a correction: nothing is relabelled "
    "by it, test rows least of all. A model of words errs where a text is ironic, "
    "quotes, or names what labels punish; there it is the model that is wrong."
)
MAX_SUSPECTS = 200
"""Of one corpus: what a person goes through in an afternoon."""
MAX_SHARE = 0.1
"""Of labels that are in doubt: beyond it, figures on the corpus are bounded by them."""

_ROUND = 4


class Suspect(Section):
    """
    A row whose label a person should look at.

    Attributes:
        key: The row among all corpora.
        split: Ours.
        given: Its class.
        suggested: The class that the model finds likeliest.
        quality: How much of the probability is left to the class that was given.
        text: As published; for people, so it is in no JSON.
    """

    key: str
    split: str
    given: str
    suggested: str
    quality: float
    text: str = Field(default="", exclude=True, repr=False)


class CorpusErrors(Section):
    """
    The likely label errors of one corpus.

    Attributes:
        corpus: Its name.
        classes: Those that were told apart.
        macro_f1: Of the model, out of fold; a list of a poor one is poor.
        n_flagged: Rows whose label is likely wrong by confident learning (Northcutt,
            Jiang and Chuang 2021).
        share: Of all rows.
        by_pair: How many are given one class and suggested another.
        suspects: The most doubtful first, one of each cluster.
    """

    corpus: str
    classes: tuple[str, ...]
    macro_f1: Figure
    n_flagged: int
    share: float
    by_pair: dict[str, int]
    suspects: tuple[Suspect, ...]


class LabelErrors(Section):
    """The likely label errors of each corpus."""

    corpora: tuple[CorpusErrors, ...]
    skipped: tuple[Skipped, ...]
    note: str = NOTE


def find_label_errors(pool: Audited, *, seed: int) -> LabelErrors:
    """Return the likely label errors of *pool*; *seed* is of folds and models."""
    questions, skipped = ask(pool)
    claims = [q for q in questions if pool.rows[q.rows[0]].head is Head.CLAIM]
    reason = "a model of words cannot hold a statement against its evidence"
    return LabelErrors(
        corpora=tuple(_errors_of(pool, q, seed) for q in questions if q not in claims),
        skipped=(*skipped, *(Skipped(corpus=q.corpus, reason=reason) for q in claims)),
    )


def findings(section: LabelErrors) -> list[Finding]:
    """Return how many labels of each corpus are in doubt."""
    return [
        Finding(
            severity=Severity.WARN if c.share > MAX_SHARE else Severity.INFO,
            corpus=c.corpus,
            sentence=(
                f"{percent(c.share)} of labels ({c.n_flagged} rows) are in doubt by a "
                f"model of words (macro-F1 {c.macro_f1.value:.2f} out of fold); "
                f"a person should read the {len(c.suspects)} that are most so"
            ),
        )
        for c in section.corpora
        if c.n_flagged
    ]


def _errors_of(pool: Audited, question: Question, seed: int) -> CorpusErrors:
    named = classes_of(pool, question)
    names, classes = np.unique(named, return_inverse=True)
    folds = grouped_folds(pool, question.rows, named, seed=seed)
    features = text_features(plain(pool.rows[i].text) for i in question.rows)
    probabilities = classify_text(features, named, folds, seed=seed)
    ranked = _flag(classes, probabilities)
    quality = get_label_quality_scores(classes, probabilities)
    said = names[probabilities.argmax(axis=1)]
    return CorpusErrors(
        corpus=question.corpus,
        classes=tuple(names.tolist()),
        macro_f1=mean_f1(classes.astype(np.int64), probabilities, seed=seed),
        n_flagged=len(ranked),
        share=round(len(ranked) / len(classes), _ROUND),
        by_pair=_by_pair(named[ranked], said[ranked]),
        suspects=tuple(
            _suspect(pool, int(question.rows[i]), named[i], said[i], quality[i])
            for i in _one_per_cluster(pool.clusters[question.rows], ranked)
        ),
    )


def _flag(classes: Ints, probabilities: Floats) -> Ints:
    """Return the rows that are likely labelled wrong, the surest first."""
    found = flag_rows(
        classes,
        probabilities,
        return_indices_ranked_by="self_confidence",
        n_jobs=1,
    )
    return np.asarray(found, dtype=np.int64)


def _one_per_cluster(clusters: Ints, ranked: Ints) -> Ints:
    """Return the first of *ranked* in each cluster: ten copies are one question."""
    first = np.sort(np.unique(clusters[ranked], return_index=True)[1])
    return ranked[first[:MAX_SUSPECTS]]


def _by_pair(given: NDArray[np.str_], suggested: NDArray[np.str_]) -> dict[str, int]:
    pairs = Counter(f"{g} → {s}" for g, s in zip(given, suggested, strict=True))
    return dict(pairs.most_common())


def _suspect(
    pool: Audited, i: int, given: str, suggested: str, quality: float
) -> Suspect:
    row = pool.rows[i]
    return Suspect(
        key=row.key,
        split=str(pool.splits[i]),
        given=str(given),
        suggested=str(suggested),
        quality=round(float(quality), _ROUND),
        text=row.text,
    )
