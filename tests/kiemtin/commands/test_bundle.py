"""``kiemtin bundle``: look at a bundle, and prove it."""

import json
import shutil
from pathlib import Path

import pytest

from kiemtin.bundle import bundle_digest, file_sha256
from kiemtin.bundles import COMPACT
from kiemtin.cli import main
from kiemtin.labels import Label
from kiemtin.manifest import (
    FILES,
    GOLDENS_FILE,
    MANIFEST_FILE,
    MODEL_FILE,
    REPORT_FILE,
    WIDE_FILE,
)


@pytest.fixture
def copy(bundle: Path, tmp_path: Path) -> Path:
    """A bundle that a test may break."""
    return shutil.copytree(bundle, tmp_path / "copy")


def _replace(folder: Path, name: str, content: str) -> None:
    """Change a file and let the manifest vouch for it."""
    (folder / name).write_text(content, encoding="utf-8")
    manifest = json.loads((folder / MANIFEST_FILE).read_text())
    manifest["sha256"][name] = file_sha256(folder / name)
    (folder / MANIFEST_FILE).write_text(json.dumps(manifest))


def _run(*args: str | Path) -> int:
    with pytest.raises(SystemExit) as ended:
        main(["bundle", *map(str, args)])
    return int(ended.value.code or 0)


def test_check(bundle: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A whole bundle passes, and what was proved is said."""
    assert _run("check", bundle) == 0

    out = capsys.readouterr().out
    assert f"tiny 1 {bundle_digest(bundle)}" in out
    assert "6 files match" in out
    assert "6 golden texts" in out


def test_check_counts_the_wide_part(
    wide_bundle: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A bundle with a wide part has a file more, and its texts score as they must."""
    assert _run("check", wide_bundle) == 0

    out = capsys.readouterr().out
    assert "7 files match" in out
    assert "7 golden texts" in out


def test_check_refuses_a_wide_part_that_says_otherwise(
    wide_bundle: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Mixed in otherwise, the wide part gives golden texts other scores."""
    copy = shutil.copytree(wide_bundle, tmp_path / "copy")
    manifest = json.loads((copy / MANIFEST_FILE).read_text())
    manifest["wide"]["mixing"]["spam"]["wide"] = 0
    (copy / MANIFEST_FILE).write_text(json.dumps(manifest))

    assert _run("check", copy) == 2
    err = capsys.readouterr().err
    assert err.startswith("kiemtin: bundle_golden: golden khuyến gets")


def test_check_refuses_a_changed_file(
    copy: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A changed byte ends in status 2 and the name of the file."""
    with (copy / MODEL_FILE).open("ab") as f:
        f.write(b"\0")

    assert _run("check", copy) == 2
    assert capsys.readouterr().err.startswith("kiemtin: bundle_corrupt: ")


def test_check_refuses_other_scores(
    copy: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A bundle that is whole but scores otherwise ends in status 2 and the figures."""
    golden = {"id": "g", "text": "ngu", "scores": dict.fromkeys(Label, 0.5)}
    _replace(copy, GOLDENS_FILE, json.dumps(golden))

    assert _run("check", copy) == 2
    err = capsys.readouterr().err
    assert err.startswith("kiemtin: bundle_golden: golden g gets 0.01")
    assert err.count("\n") == 1


def test_info_as_json(copy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Programs get the same facts as people, the report's headline among them."""
    _replace(copy, REPORT_FILE, '{"headline": {"vihsd_macro_f1": 0.61}, "more": []}')

    assert _run("info", copy, "--json") == 0

    facts = json.loads(capsys.readouterr().out)
    assert facts["name"] == "tiny"
    assert facts["digest"] == bundle_digest(copy)
    assert list(facts["labels"]) == list(Label)
    assert facts["labels"]["scam"]["thresholds"]["review"] == 0.5
    assert facts["headline"] == {"vihsd_macro_f1": 0.61}
    assert facts["n_bytes"] == {
        n: (copy / n).stat().st_size for n in (*FILES, MANIFEST_FILE)
    }


def test_info(bundle: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """People see the name, the labels with their thresholds, and the files."""
    assert _run("info", bundle) == 0

    out = capsys.readouterr().out
    for part in ("tiny", "10 tokens", "0.990", "in all", *Label, *FILES):
        assert part in out


def test_info_lists_the_wide_part(
    wide_bundle: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The file of the wide part is one of the files, for people and for programs."""
    assert _run("info", wide_bundle) == 0
    assert WIDE_FILE in capsys.readouterr().out

    assert _run("info", wide_bundle, "--json") == 0
    n_bytes = json.loads(capsys.readouterr().out)["n_bytes"]
    assert n_bytes == {
        n: (wide_bundle / n).stat().st_size for n in (*FILES, WIDE_FILE, MANIFEST_FILE)
    }


def test_info_spells_every_calibration(
    copy: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whatever the method, people see it with its figures, and the band if there is one."""
    manifest = json.loads((copy / MANIFEST_FILE).read_text())
    manifest["calibration"] |= {
        "unreliable": {"method": "temperature", "temperature": 1.5},
        "abusive": {"method": "beta", "a": 0.5, "b": 2, "c": -0.25},
        "scam": {"method": "isotonic", "logits": [0, 1], "probabilities": [0.1, 1]},
    }
    manifest["pooling"]["scam"] = "smooth"
    manifest["sharpness"] = {"scam": 1.25}
    manifest["thresholds"]["spam"]["abstain"] = 0.125
    (copy / MANIFEST_FILE).write_text(json.dumps(manifest))

    assert _run("info", copy) == 0

    out = capsys.readouterr().out
    for part in ("temperature 1.50", "beta 0.50 2.00 -0.25", "platt 1.00 +0.00"):
        assert part in out
    for part in ("isotonic 2 knots", "smooth 1.25", "0.125", "int8"):
        assert part in out


@pytest.mark.parametrize("report", ["", "[]", '{"headline": {"auc": "high"}}'])
def test_info_refuses_a_report_that_is_none(
    copy: Path, capsys: pytest.CaptureFixture[str], report: str
) -> None:
    """A report that is not one is a fault of the bundle."""
    _replace(copy, REPORT_FILE, report)

    assert _run("info", copy) == 2
    assert "bundle_corrupt" in capsys.readouterr().err


@pytest.mark.skipif(not COMPACT.exists(), reason="the embedded bundle is not there")
def test_embedded_bundle_is_the_default(capsys: pytest.CaptureFixture[str]) -> None:
    """Without a folder, the bundle that comes with the package is proved."""
    assert _run("check") == 0
    assert bundle_digest(COMPACT) in capsys.readouterr().out
