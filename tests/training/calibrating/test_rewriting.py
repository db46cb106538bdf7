"""A bundle with other thresholds is a new one, and the old one stays as it was."""

import json
import shutil
from pathlib import Path

import pytest

from kiemtin.bundle import bundle_digest, read_manifest
from kiemtin.errors import BundleCorruptError, BundleGoldenError
from kiemtin.labels import Label
from kiemtin.manifest import CARD_FILE, MODEL_FILE, REPORT_FILE, WIDE_FILE, Thresholds
from kiemtin.schemas import Item
from kiemtin.scoring import Scorer
from tests.fixtures.tiny_bundle import WIDE, sign, write_tiny_bundle
from training.calibrating.rewriting import write_with

OTHER = {
    x: Thresholds(abstain=0.2, review=0.985, review_urgent=0.99) for x in Label
} | {Label.SPAM: Thresholds(review=0.3, review_urgent=0.4)}
WHY = "They were chosen by a test."


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """The tiny bundle."""
    folder = tmp_path / "old"
    folder.mkdir()
    return write_tiny_bundle(folder)


def test_new_thresholds_hold(old: Path, tmp_path: Path) -> None:
    """Scores are the same, what they lead to is not, and the policy says so."""
    digest, out = bundle_digest(old), tmp_path / "new"

    version = write_with(OTHER, old, out, why=WHY)

    before, after = (Scorer.load(x).score(Item("x", "đồ ngu")) for x in (old, out))
    assert bundle_digest(old) == digest
    assert bundle_digest(out) != digest
    assert after.scores == before.scores
    assert before.flagged[Label.ABUSIVE]
    assert after.abstain == {Label.ABUSIVE: "uncertain"}
    assert Scorer.load(out).policy.version == version
    assert read_manifest(out).thresholds == OTHER


def test_wide_part_goes_with_it(wide_bundle: Path, tmp_path: Path) -> None:
    """What reads words beside the network is in the new bundle, byte by byte."""
    out = tmp_path / "new"

    write_with(OTHER, wide_bundle, out, why=WHY)

    assert (out / WIDE_FILE).read_bytes() == (wide_bundle / WIDE_FILE).read_bytes()
    assert read_manifest(out).wide == WIDE
    before, after = (
        Scorer.load(x).score(Item("x", "khuyến mãi")) for x in (wide_bundle, out)
    )
    assert after.scores == before.scores
    assert after.scores[Label.SPAM] > 0.9


def test_report_and_card_say_so(old: Path, tmp_path: Path) -> None:
    """Nobody takes figures of the old thresholds for those of the new ones."""
    write_with(OTHER, old, tmp_path / "new", why=WHY)

    changed = json.loads((tmp_path / "new" / REPORT_FILE).read_text())
    card = (tmp_path / "new" / CARD_FILE).read_text(encoding="utf-8")
    assert changed["thresholds_changed"]["why"] == WHY
    assert changed["thresholds_changed"]["before"]["spam"]["review"] == 0.5
    assert changed["thresholds_changed"]["now"]["spam"]["review"] == 0.3
    assert card.startswith("# tiny\n")
    assert "| spam | -, 0.5, 0.99 | -, 0.3, 0.4 |" in card


def test_nothing_is_overwritten(old: Path, tmp_path: Path) -> None:
    """A folder that is there is left alone, the bundle's own above all."""
    with pytest.raises(FileExistsError):
        write_with(OTHER, old, old, why=WHY)

    assert list(tmp_path.iterdir()) == [old]


def test_a_bundle_that_does_not_hold_is_not_rewritten(
    old: Path, tmp_path: Path
) -> None:
    """New thresholds do not make a broken bundle whole."""
    with (old / MODEL_FILE).open("ab") as f:
        f.write(b"\0")

    with pytest.raises(BundleCorruptError):
        write_with(OTHER, old, tmp_path / "new", why=WHY)
    assert not (tmp_path / "new").exists()


def test_what_was_written_is_proven(old: Path, tmp_path: Path) -> None:
    """Goldens that the scores do not meet stop the bundle before it has its name."""
    goldens = old / "goldens.jsonl"
    goldens.write_text(goldens.read_text("utf-8").replace("0.98", "0.77"), "utf-8")
    sign(old)

    with pytest.raises(BundleGoldenError):
        write_with(OTHER, old, tmp_path / "new", why=WHY)
    assert not (tmp_path / "new").exists()


def test_an_attempt_that_was_cut_off_is_no_hindrance(old: Path, tmp_path: Path) -> None:
    """What another attempt left aside is written anew."""
    shutil.copytree(old, tmp_path / ".new.tmp")
    (tmp_path / ".new.tmp" / "half").touch()

    write_with(OTHER, old, tmp_path / "new", why=WHY)

    assert sorted(x.name for x in tmp_path.iterdir()) == ["new", "old"]
