"""Posts of a user's own."""

from pathlib import Path

import numpy as np
import pytest

from kiemtin.errors import FileUnreadableError
from kiemtin.labels import Label
from kiemtin.scoring import Scorer
from tests.fixtures.tiny_bundle import write_tiny_bundle
from training.calibrating.traffic import score_traffic

ENGLISH = "This street corner was closed because of the heavy flooding ngu"
COLUMN = list(Label).index(Label.ABUSIVE)


@pytest.fixture(scope="module")
def scorer(tmp_path_factory: pytest.TempPathFactory) -> Scorer:
    """The tiny bundle, loaded."""
    return Scorer.load(write_tiny_bundle(tmp_path_factory.mktemp("tiny")))


def _written(folder: Path, name: str, *lines: str) -> Path:
    path = folder / name
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def test_a_post_a_line(scorer: Scorer, tmp_path: Path) -> None:
    """Plain text has a post on each line; blank ones are none."""
    path = _written(tmp_path, "posts.txt", *["đồ ngu", "", "xin chào"] * 40)

    found = score_traffic(scorer, path)

    assert found.scores.shape == (80, len(Label))
    assert (found.scores[:, COLUMN] > 0.5).tolist() == [True, False] * 40
    assert found.refused == 0


def test_json_lines(scorer: Scorer, tmp_path: Path) -> None:
    """A line that holds no post is counted and left out."""
    path = _written(tmp_path, "posts.jsonl", '{"text": "đồ ngu"}', "{}", '{"text": ""}')

    found = score_traffic(scorer, path)

    assert (len(found.scores), found.refused) == (1, 2)


def test_another_language_is_never_flagged(scorer: Scorer, tmp_path: Path) -> None:
    """What serving abstains from counts as posts of which nothing is flagged."""
    found = score_traffic(scorer, _written(tmp_path, "posts.txt", ENGLISH))

    np.testing.assert_array_equal(found.scores, np.zeros((1, len(Label))))


@pytest.mark.parametrize("lines", [[], ["\u200b"]], ids=["empty", "invisible"])
def test_nothing_to_count(scorer: Scorer, tmp_path: Path, lines: list[str]) -> None:
    """Shares of nothing are refused, not called zero."""
    path = _written(tmp_path, "posts.txt", *lines)

    with pytest.raises(FileUnreadableError, match="none of its"):
        score_traffic(scorer, path)
