"""Whether the words that a bundle gives as reasons are those that moved its score."""

import random
from collections.abc import Iterator, Sequence

from pydantic import BaseModel, ConfigDict

from kiemtin.errors import InputError
from kiemtin.labels import Label
from kiemtin.schemas import Item, ReasonOut, ScoreOut
from kiemtin.scoring import Scorer
from training.corpora import Row

_BATCH = 32
MIN_CHARS_LEFT = 10
"""Of a post of which less is left, a deletion says nothing."""


class Faithfulness(BaseModel):
    """
    The deletion test, on flagged posts.

    Attributes:
        posts: How many posts and labels were tested.
        wins: In which part of them the score falls further without the marked span
            than without a random one of the same length.
        ties: In which part both fall alike.
        fall: By how much it falls without the marked span, on average.
        fall_random: The same without a random span.
    """

    model_config = ConfigDict(frozen=True)

    posts: int
    wins: float
    ties: float
    fall: float
    fall_random: float


def measure_faithfulness(
    scorer: Scorer, rows: Sequence[Row], *, most: int = 400, seed: int = 0
) -> dict[Label, Faithfulness]:
    """
    Delete the heaviest reason of each flagged post, and a random span beside it.

    Args:
        scorer: The bundle.
        rows: Posts; those that it flags are tested.
        most: At most so many posts of a label.
        seed: Of the random spans, which start at a random character.
    """
    rng = random.Random(seed)
    falls: dict[Label, list[tuple[float, float]]] = {x: [] for x in Label}
    for row, labels in _flagged(scorer, rows):
        wanted = [x for x in labels if len(falls[x]) < most]
        if not wanted:
            continue
        score = scorer.score(Item("", row.text, explain=True))
        for label in wanted:
            reason = next((r for r in score.reasons if r.label is label), None)
            if reason is None:
                continue
            marked, other = _without(row.text, reason, rng)
            if len(marked.strip()) < MIN_CHARS_LEFT:
                continue
            before = score.scores[label]
            falls[label].append(
                (
                    before - _score(scorer, marked, label),
                    before - _score(scorer, other, label),
                )
            )
    return {x: _summarize(found) for x, found in falls.items() if found}


def _flagged(scorer: Scorer, rows: Sequence[Row]) -> Iterator[tuple[Row, list[Label]]]:
    for at in range(0, len(rows), _BATCH):
        batch = rows[at : at + _BATCH]
        found = scorer.score_batch([Item("", r.text) for r in batch])
        for row, score in zip(batch, found, strict=True):
            if isinstance(score, ScoreOut):
                yield row, [x for x, yes in score.flagged.items() if yes]


def _without(text: str, reason: ReasonOut, rng: random.Random) -> tuple[str, str]:
    length = reason.end - reason.start
    start = rng.randrange(len(text) - length + 1)
    return (
        text[: reason.start] + text[reason.end :],
        text[:start] + text[start + length :],
    )


def _score(scorer: Scorer, text: str, label: Label) -> float:
    (result,) = scorer.score_batch([Item("", text)])
    return 0.0 if isinstance(result, InputError) else result.scores[label]


def _summarize(falls: Sequence[tuple[float, float]]) -> Faithfulness:
    n = len(falls)
    return Faithfulness(
        posts=n,
        wins=round(sum(a > b for a, b in falls) / n, 4),
        ties=round(sum(a == b for a, b in falls) / n, 4),
        fall=round(sum(a for a, _ in falls) / n, 4),
        fall_random=round(sum(b for _, b in falls) / n, 4),
    )
