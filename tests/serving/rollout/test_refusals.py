"""What was refused is not tried again and again."""

from pathlib import Path

from kiemtin.errors import BundleCorruptError
from kiemtin.manifest import CARD_FILE
from kiemtin.models_folder import Found
from serving.rollout.refusals import Refusal, Refusals


def test_a_refusal_holds_until_the_bundle_changes(models: Path) -> None:
    """Another byte anywhere, and it may be tried again."""
    refusals = Refusals()
    before = Found.at(models / "tiny-2")
    assert before is not None

    assert refusals.of(before) is None
    refusals.note(before, BundleCorruptError("broken"))
    assert refusals.of(before) == Refusal("bundle_corrupt", "broken")
    with (models / "tiny-2" / CARD_FILE).open("a") as f:
        f.write("\n")
    after = Found.at(models / "tiny-2")
    assert after is not None
    assert refusals.of(after) is None


def test_a_refusal_is_forgotten(models: Path) -> None:
    """What proved itself is not refused."""
    refusals = Refusals()
    bundle = Found.at(models / "tiny-2")
    assert bundle is not None

    refusals.note(bundle, BundleCorruptError("broken"))
    refusals.forget(bundle)

    assert refusals.of(bundle) is None
