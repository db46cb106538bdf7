"""From a score object to what the page draws."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from kiemtin.labels import Label, Recommendation
from kiemtin.policy import UNCERTAIN, Policy
from kiemtin.schemas import NOT_VIETNAMESE, ReasonOut, ScoreOut, TextStateOut
from serving.console.words import Said, Words

_FEW_DIACRITICS = 0.2
_C0 = dict.fromkeys((*range(9), 11, 12, *range(14, 32), 127), "\ufffd")
"""HTML has no control characters; one character for one keeps the offsets."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One label with its probability."""

    label: Label
    said: Said
    percent: str
    width: float
    tick: float
    urgent_tick: float
    threshold: str
    description: str
    flagged: bool
    abstained: bool


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of the text and the labels that it moved, the most moved first."""

    text: str
    labels: tuple[Label, ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """All that the page says about one text."""

    kind: str
    said: Said
    bars: list[Bar]
    pieces: list[Piece]
    reasons: list[tuple[Label, list[tuple[str, str]]]]
    read: list[str]
    cleaned: list[str]


def verdict_of(text: str, score: ScoreOut, policy: Policy, words: Words) -> Verdict:
    """Return *score* of *text* in *words*."""
    undecided = NOT_VIETNAMESE in score.abstain.values()
    return Verdict(
        kind="undecided" if undecided else score.recommendation.value,
        said=_said(score, words),
        bars=[_bar(label, score, policy, words) for label in score.scores],
        pieces=pieces_of(printable(text), score.reasons),
        reasons=_reasons(score.reasons, words),
        read=_read(score.text_state, words),
        cleaned=_cleaned(score.text_state, words),
    )


def _said(score: ScoreOut, words: Words) -> Said:
    if NOT_VIETNAMESE in score.abstain.values():
        return words.undecided
    if score.abstain and score.recommendation is Recommendation.NONE:
        return words.unsure
    return words.recommendations[score.recommendation]


def printable(text: str) -> str:
    """Return *text* as HTML can show it, of the same length."""
    return text.translate(_C0)


def pieces_of(text: str, reasons: Sequence[ReasonOut]) -> list[Piece]:
    """Cut *text* where a reason begins or ends; reasons may overlap."""
    cuts = {0, len(text), *(r.start for r in reasons), *(r.end for r in reasons)}
    pieces = []
    for start, end in pairwise(sorted(cuts)):
        here = [r for r in reasons if r.start < end and r.end > start]
        here.sort(key=lambda r: -r.weight)
        labels = tuple(dict.fromkeys(r.label for r in here))
        pieces.append(Piece(text[start:end], labels))
    return [
        Piece("".join(p.text for p in same), labels)
        for labels, same in groupby(pieces, lambda p: p.labels)
    ]


def _bar(label: Label, score: ScoreOut, policy: Policy, words: Words) -> Bar:
    p, thresholds = score.scores[label], policy.thresholds[label]
    percent, review = words.percent(p), words.round_percent(thresholds.review)
    said, why = words.labels[label], score.abstain.get(label)
    below = words.uncertain if why == UNCERTAIN else words.threshold
    return Bar(
        label=label,
        said=said,
        percent=percent,
        width=round(100 * p, 2),
        tick=round(100 * thresholds.review, 2),
        urgent_tick=round(100 * thresholds.review_urgent, 2),
        threshold=below.format(
            review=review, urgent=words.round_percent(thresholds.review_urgent)
        ),
        description=words.bar.format(
            name=said.headline, percent=percent, review=review
        ),
        flagged=score.flagged[label],
        abstained=why == NOT_VIETNAMESE,
    )


def _reasons(
    reasons: Sequence[ReasonOut], words: Words
) -> list[tuple[Label, list[tuple[str, str]]]]:
    by_label = {
        label: [
            (printable(r.text), words.reason.format(points=words.points(r.weight)))
            for r in reasons
            if r.label == label
        ]
        for label in Label
    }
    return [(label, found) for label, found in by_label.items() if found]


def _read(state: TextStateOut, words: Words) -> list[str]:
    template = words.read_whole if state.windows == 1 else words.read_windows
    lines = [template.format(windows=state.windows, tokens=state.tokens)]
    if state.windows_left_out:
        lines.append(words.left_out.format(n=state.windows_left_out))
    if state.diacritic_ratio < _FEW_DIACRITICS:
        lines.append(words.without_diacritics)
    return lines


def _cleaned(state: TextStateOut, words: Words) -> list[str]:
    return [
        f"{words.steps.get(step, step)} (×{n})"
        for step, n in state.normalizations.items()
    ]
