"""Reasons are held to what happens when they are deleted."""

from pathlib import Path

from kiemtin.labels import Label
from kiemtin.scoring import Scorer
from training.corpora import Head, Row
from training.evaluation.faithfulness import measure_faithfulness


def _rows(texts: list[str]) -> list[Row]:
    return [Row("vihsd", f"train:{i}", t, Head.HARM, {}) for i, t in enumerate(texts)]


def test_marked_span_moves_the_score(bundle: Path) -> None:
    """On posts that one word flags, deleting it beats deleting anything as long."""
    texts = [
        f"hôm nay trời đẹp quá mà mày {i} đồ ngu thật sự luôn ấy" for i in range(20)
    ]

    found = measure_faithfulness(Scorer.load(bundle), _rows(texts))

    assert found[Label.ABUSIVE].posts == 20
    assert found[Label.ABUSIVE].wins > 0.6
    assert found[Label.ABUSIVE].fall > found[Label.ABUSIVE].fall_random


def test_unflagged_posts_are_no_part_of_it(bundle: Path) -> None:
    """Where nothing is flagged there is nothing to delete."""
    texts = ["hôm nay trời đẹp quá cả nhà ơi", "chúc mọi người cuối tuần vui"]

    assert measure_faithfulness(Scorer.load(bundle), _rows(texts)) == {}


def test_at_most_so_many_posts(bundle: Path) -> None:
    """A limit bounds the work on a large set."""
    texts = [f"mày đúng là đồ ngu thật sự {i} lần rồi đấy" for i in range(12)]

    found = measure_faithfulness(Scorer.load(bundle), _rows(texts), most=5)

    assert found[Label.ABUSIVE].posts == 5
