"""Posts without labels, as a user has them: of these a threshold reaches what share?"""

from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kiemtin.commands.lines import open_posts, read_items
from kiemtin.errors import FileUnreadableError
from kiemtin.labels import Label
from kiemtin.schemas import NOT_VIETNAMESE, Item, ScoreOut
from kiemtin.scoring import Scorer

_BATCH = 64


@dataclass(frozen=True, slots=True)
class Traffic:
    """
    Scored posts.

    Attributes:
        scores: Of shape (posts, labels); 0 where the text is in another language, of
            which nothing is ever flagged.
        refused: How many lines could not be scored.
    """

    scores: NDArray[np.float64]
    refused: int


def score_traffic(scorer: Scorer, path: Path) -> Traffic:
    """
    Score the posts in *path*: JSON lines if it ends in .jsonl, else a post a line.

    Raises:
        FileUnreadableError: If it cannot be read, or nothing in it can be scored.
    """
    scores: list[list[float]] = []
    refused = 0
    with open_posts(str(path)) as file:
        lines = read_items(file, plain=path.suffix != ".jsonl")
        while batch := list(islice(lines, _BATCH)):
            items = [x for x in batch if isinstance(x, Item)]
            results = scorer.score_batch(items)
            scored = [r for r in results if isinstance(r, ScoreOut)]
            scores += map(_judged, scored)
            refused += len(batch) - len(scored)
    if not scores:
        msg = f"{path}: none of its {refused} lines is a post that can be scored"
        raise FileUnreadableError(msg)
    return Traffic(np.array(scores), refused)


def _judged(score: ScoreOut) -> list[float]:
    foreign = NOT_VIETNAMESE in score.abstain.values()
    return [0.0 if foreign else score.scores[x] for x in Label]
