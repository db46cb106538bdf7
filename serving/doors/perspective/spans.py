"""Scores of parts of a comment, in the offsets that Perspective counts in."""

from collections.abc import Iterator

from kiemtin.labels import Label
from kiemtin.schemas import ScoreOut
from serving.schemas.perspective import AttributeScoreOut, SpanScoreOut


def utf16_offset(text: str, at: int) -> int:
    """Return how many UTF-16 code units stand before character *at* of *text*."""
    return len(text[:at].encode("utf-16-le")) // 2


def spans_of(text: str, score: ScoreOut, label: Label) -> list[SpanScoreOut]:
    """
    Return a span for each reason of *label*, heaviest first; the whole *text* if none.

    The score of a reason is its weight, how far the probability falls without it. It is
    RAW: no probability of its own. That of the whole text is the probability.
    """
    return list(_reasons(text, score, label)) or [
        SpanScoreOut(
            begin=0,
            end=utf16_offset(text, len(text)),
            score=AttributeScoreOut(value=score.scores[label], type="PROBABILITY"),
        )
    ]


def _reasons(text: str, score: ScoreOut, label: Label) -> Iterator[SpanScoreOut]:
    for reason in score.reasons:
        if reason.label == label:
            yield SpanScoreOut(
                begin=utf16_offset(text, reason.start),
                end=utf16_offset(text, reason.end),
                score=AttributeScoreOut(value=reason.weight, type="RAW"),
            )
