"""A bundle proves itself on its golden texts, or is refused."""

import json
import shutil
from pathlib import Path

import pytest

from kiemtin.errors import BundleCorruptError, BundleGoldenError
from kiemtin.goldens import Golden, check_goldens, read_goldens
from kiemtin.labels import Label
from kiemtin.manifest import GOLDENS_FILE
from kiemtin.scoring import Scorer


@pytest.fixture(scope="module")
def scorer(bundle: Path) -> Scorer:
    """The tiny bundle, loaded."""
    return Scorer.load(bundle)


def test_goldens_hold(bundle: Path, scorer: Scorer) -> None:
    """A whole bundle scores its goldens within the tolerance."""
    goldens = read_goldens(bundle)

    assert len(goldens) == 6
    assert check_goldens(scorer, goldens) <= scorer.manifest.golden_tolerance


def test_wrong_golden(scorer: Scorer) -> None:
    """A golden that is not met is refused by its id, with both figures."""
    golden = Golden(id="g7", text="ngu", scores=dict.fromkeys(Label, 0.25))

    with pytest.raises(BundleGoldenError, match=r"g7 .*0\.0180 .*0\.2500.*0\.01"):
        check_goldens(scorer, [golden])


def test_not_a_number_is_not_met(scorer: Scorer) -> None:
    """A golden that no figure can meet is refused, not waved through."""
    golden = Golden(id="nan", text="ngu", scores=dict.fromkeys(Label, float("nan")))

    with pytest.raises(BundleGoldenError):
        check_goldens(scorer, [golden])


def test_golden_that_cannot_be_scored(scorer: Scorer) -> None:
    """A golden of invisible characters is the bundle's fault, not the caller's."""
    golden = Golden(id="g0", text="\u200b", scores=dict.fromkeys(Label, 0.0))

    with pytest.raises(BundleGoldenError, match="g0"):
        check_goldens(scorer, [golden])


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\n",
        b"ngu\n",
        b'{"id": "a", "text": "ngu", "scores": {}}',
        b'{"id": "a", "text": "ngu", "scores": {"false": 1}}',
        b'{"id": "a", "scores": {"scam": 1}}',
        b"\xff\n",
    ],
)
def test_unreadable_goldens(bundle: Path, tmp_path: Path, content: bytes) -> None:
    """Goldens that promise nothing prove nothing."""
    copy = shutil.copytree(bundle, tmp_path / "copy")
    (copy / GOLDENS_FILE).write_bytes(content)

    with pytest.raises(BundleCorruptError, match=GOLDENS_FILE):
        read_goldens(copy)


def test_text_with_line_separators(tmp_path: Path) -> None:
    """A golden may hold U+2028, which ends a line for some."""
    scores = dict.fromkeys(Label, 0.5)
    line = {"id": "a", "text": "một\u2028hai\x85ba", "scores": scores}
    (tmp_path / GOLDENS_FILE).write_text(
        json.dumps(line, ensure_ascii=False) + "\n", encoding="utf-8"
    )

    assert read_goldens(tmp_path)[0].text == "một\u2028hai\x85ba"
