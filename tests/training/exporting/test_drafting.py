"""A bundle comes out of what training kept, and out of another bundle."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from kiemtin.bundle import read_manifest
from kiemtin.goldens import check_goldens, read_goldens
from kiemtin.manifest import FILES, MANIFEST_FILE, WIDE_FILE
from kiemtin.schemas import Item
from kiemtin.scoring import Scorer
from tests.fixtures.tiny_bundle import WIDE, wide_part
from tests.fixtures.trained import small_trained
from training.errors import ExportError, PreparedError
from training.exporting.drafting import export
from training.exporting.trained import keep_trained
from training.exporting.variants import ExportRecord
from training.finetuning.model import load_encoder
from training.finetuning.unpacking import unpack_encoder

pytestmark = pytest.mark.slow

TEXTS = ("hôm nay trời đẹp quá", "đồ ngu dốt câm mồm đi", "trúng thưởng nộp phí ngay")


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small network with a wide part, kept as training does."""
    root = tmp_path_factory.mktemp("kept")
    any_loss = {"macro_f1_lost": 1, "rare_f1_lost": 1}
    trained = replace(small_trained(root, export=any_loss), wide=wide_part())
    keep_trained(trained, root / "network")
    return root / "network"


@pytest.fixture(scope="module")
def int8(kept: Path, prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Its bundle, by the recipe's own variant."""
    out = tmp_path_factory.mktemp("int8") / "bundle"
    export(kept, out, data=prepared)
    return out


def _scores(bundle: Path) -> list[float]:
    scorer = Scorer.load(bundle)
    return [p for t in TEXTS for p in scorer.score(Item("", t)).scores.values()]


def test_bundle_is_whole_and_proven(int8: Path) -> None:
    """It holds its files and nothing else, and says what its weights are kept in."""
    assert {p.name for p in int8.iterdir()} == {MANIFEST_FILE, WIDE_FILE, *FILES}
    assert read_manifest(int8).variant == "int8"
    assert check_goldens(Scorer.load(int8), read_goldens(int8)) == 0
    assert [p.name for p in int8.parent.iterdir()] == ["bundle"]


def test_record_is_in_the_report_and_on_the_card(int8: Path) -> None:
    """Whoever reads either learns which graph it is, and what it lost."""
    report = json.loads((int8 / "report.json").read_text())
    record = ExportRecord.model_validate(report["export"])

    assert record.form in (int8 / "README.md").read_text()
    assert 0 < record.parity < 1e-3
    assert 0 < record.attempts[-1].golden_change < 0.05


@pytest.mark.parametrize("variant", ["fp16", "fp32"])
def test_other_variant_says_nearly_the_same(
    kept: Path, int8: Path, prepared: Path, tmp_path: Path, variant: str
) -> None:
    """From the same network, probabilities are as far apart as int8 makes them."""
    export(kept, tmp_path / "bundle", data=prepared, variant=variant)  # type: ignore[arg-type]

    assert read_manifest(tmp_path / "bundle").variant == variant
    assert _scores(tmp_path / "bundle") == pytest.approx(_scores(int8), abs=0.05)


def test_bundle_can_be_a_source(int8: Path, prepared: Path, tmp_path: Path) -> None:
    """Taken apart and put together in fp32, a bundle scores as before, and says so."""
    record = export(int8, tmp_path / "bundle", data=prepared, variant="fp32")

    assert record.weights_from == "int8"
    assert read_manifest(tmp_path / "bundle").wide == WIDE
    assert _scores(tmp_path / "bundle") == pytest.approx(_scores(int8), abs=0.03)
    assert "kept them in int8" in (tmp_path / "bundle" / "README.md").read_text()


def test_encoder_can_be_taken_out(int8: Path, tmp_path: Path) -> None:
    """Fine-tuning can go on from the bundle, without a recipe of pretraining."""
    encoder = load_encoder(
        unpack_encoder(int8, tmp_path), dropout=0.0, attention="eager"
    )

    assert encoder.config.num_hidden_layers == 2
    assert encoder.config.vocab_size > 1200  # placeholders have tokens of their own


def test_unprepared_rows_leave_the_old_bundle(
    kept: Path, int8: Path, tmp_path: Path
) -> None:
    """A graph is judged before it is shipped; without rows nothing changes."""
    before = (int8 / MANIFEST_FILE).read_bytes()

    with pytest.raises(PreparedError):
        export(kept, int8, data=tmp_path)

    assert (int8 / MANIFEST_FILE).read_bytes() == before


def test_loss_leaves_the_old_bundle(
    int8: Path, prepared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If no form holds, there is an error, and what was there is still there."""
    from training.exporting import variants  # noqa: PLC0415 - its limits are changed

    monkeypatch.setattr(
        variants, "GOLDEN_PARITY", dict.fromkeys(variants.GOLDEN_PARITY, -1)
    )
    before = (int8 / MANIFEST_FILE).read_bytes()
    keep_trained(small_trained(tmp_path), tmp_path / "network")

    with pytest.raises(ExportError, match="no int8 graph is good enough"):
        export(tmp_path / "network", int8, data=prepared)

    assert (int8 / MANIFEST_FILE).read_bytes() == before
