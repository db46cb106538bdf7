"""How far what is not the content gives the label away, each thing alone."""

from enum import StrEnum

import numpy as np

from training.auditing.beside import Kind
from training.auditing.guessing import Guess, guesses
from training.auditing.pool import Audited, Finding, Ints, Section, Severity
from training.auditing.predicting import area, majority_f1, mean_f1
from training.auditing.questions import Question, Skipped, ask, classes_of
from training.corpora.row import Head
from training.evaluation.metrics import Figure

WARN_AUC, BAD_AUC = 0.6, 0.75
"""Of a hundred pairs of rows, as many are told apart rightly."""
WARN_F1, BAD_F1 = 0.1, 0.25
"""Macro-F1 above chance, of three classes."""
CHANCE_AUC = 0.5


class Metric(StrEnum):
    """What a giveaway is measured by: two classes, or three."""

    AUC = "auc"
    MACRO_F1 = "macro_f1"


class Giveaway(Section):
    """
    How well one thing beside the content predicts the label of rows it never saw.

    Attributes:
        corpus: Its name.
        label: What is predicted; of claims, the class.
        by: Such as ``likes``, or ``likes, shares together``.
        kind: Where it comes from.
        metric: What the figure is.
        figure: Out of fold; no copy and no row of its group was learnt from.
        chance: The figure of who knows nothing: the better of one who draws lots and
            one who always says the most common class.
        n_missing: How many rows lack it, which tells something too.
    """

    corpus: str
    label: str
    by: str
    kind: Kind
    metric: Metric
    figure: Figure
    chance: float
    n_missing: int

    @property
    def gain(self) -> float:
        """How far the figure is above chance."""
        return self.figure.value - self.chance


class Giveaways(Section):
    """What gives labels away, by corpus, the most telling first."""

    giveaways: tuple[Giveaway, ...]
    skipped: tuple[Skipped, ...]


def find_giveaways(pool: Audited, *, seed: int) -> Giveaways:
    """Return what gives labels away in *pool*; *seed* is of folds and models."""
    questions, skipped = ask(pool)
    found = tuple(
        g
        for q in questions
        for g in sorted(_giveaways(pool, q, seed), key=lambda g: -g.gain)
    )
    return Giveaways(giveaways=found, skipped=skipped)


def findings(section: Giveaways) -> list[Finding]:
    """Return what no model may be given and what its figures must be read against."""
    best: dict[tuple[str, Kind], Giveaway] = {}
    for giveaway in section.giveaways:
        kept = best.setdefault((giveaway.corpus, giveaway.kind), giveaway)
        if giveaway.gain > kept.gain:
            best[giveaway.corpus, giveaway.kind] = giveaway
    return [
        Finding(severity=severity, corpus=g.corpus, sentence=_sentence(g))
        for g in best.values()
        if (severity := _severity(g))
    ]


def _giveaways(pool: Audited, question: Question, seed: int) -> list[Giveaway]:
    claim = pool.rows[question.rows[0]].head is Head.CLAIM
    named = classes_of(pool, question) if claim else question.truth
    classes = np.unique(named, return_inverse=True)[1].astype(np.int64)
    judge = _judge_classes if claim else _judge_label
    return [
        judge(question, classes, guess, seed)
        for guess in guesses(pool, question.rows, classes, seed=seed)
    ]


def _judge_label(question: Question, _: Ints, guess: Guess, __: int) -> Giveaway:
    return Giveaway(
        corpus=question.corpus,
        label=question.label,
        by=guess.by,
        kind=guess.kind,
        metric=Metric.AUC,
        figure=area(question.truth, guess.probabilities[:, 1]),
        chance=CHANCE_AUC,
        n_missing=guess.n_missing,
    )


def _judge_classes(
    question: Question, classes: Ints, guess: Guess, seed: int
) -> Giveaway:
    by_chance = 1 / guess.probabilities.shape[1]
    return Giveaway(
        corpus=question.corpus,
        label="class",
        by=guess.by,
        kind=guess.kind,
        metric=Metric.MACRO_F1,
        figure=mean_f1(classes, guess.probabilities, seed=seed),
        chance=max(round(by_chance, 4), majority_f1(classes)),
        n_missing=guess.n_missing,
    )


def _what(giveaway: Giveaway) -> str:
    match giveaway.kind:
        case Kind.STATEMENT:
            return f"{giveaway.by}, without its evidence"
        case Kind.STYLE | Kind.PAIR:
            return f"{giveaway.by}, which knows no word's sense"
        case _:
            return f"{giveaway.by}, without the text"


def _severity(giveaway: Giveaway) -> Severity | None:
    warn, bad = (
        (WARN_AUC - CHANCE_AUC, BAD_AUC - CHANCE_AUC)
        if giveaway.metric is Metric.AUC
        else (WARN_F1, BAD_F1)
    )
    if giveaway.gain < warn or giveaway.figure.low <= giveaway.chance:
        return None
    return Severity.BAD if giveaway.gain >= bad else Severity.WARN


def _sentence(giveaway: Giveaway) -> str:
    figure = giveaway.figure
    metric = "AUC" if giveaway.metric is Metric.AUC else "macro-F1"
    return (
        f"{_what(giveaway)}, tells {giveaway.label} with "
        f"{metric} {figure.value:.2f} ({figure.low:.2f} to {figure.high:.2f}; "
        f"{giveaway.chance:.2f} by chance)"
    )
