"""``kiemtin thresholds``: a dry run from prepared rows to a new bundle."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner, Result

from kiemtin.bundle import bundle_digest, read_manifest
from kiemtin.labels import Label
from kiemtin.manifest import RECIPE_FILE
from tests.fixtures.tiny_bundle import sign, write_tiny_bundle
from training.commands.thresholds import thresholds

RECIPE = """
corpora = ["reintel", "vihsd", "ie403_smishing", "vispamreviews"]
[thresholds]
urgent_precision = 0.9
protected_flagged = 0.2
others_flagged = 0.5
"""


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tiny bundle with a recipe that names small corpora."""
    folder = write_tiny_bundle(tmp_path_factory.mktemp("tiny"))
    (folder / RECIPE_FILE).write_text(RECIPE, encoding="utf-8")
    return sign(folder)


def _run(*args: str | Path) -> Result:
    app = typer.Typer()
    app.command()(thresholds)
    return CliRunner().invoke(app, [str(x) for x in args])


def _found(*args: str | Path) -> dict[str, Any]:
    result = _run(*args, "--json")
    assert result.exit_code == 0, result.output
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def test_every_rule_beside_the_present(bundle: Path, prepared: Path) -> None:
    """Without a rule all of them are foreseen, and nothing is written."""
    digest = bundle_digest(bundle)

    found = _found(bundle, "--data", prepared, "--posts-a-day", "500")

    names = [x["name"] for x in found["choices"]]
    assert names == ["present", "f1", "precision", "budget", "cost"]
    present = found["choices"][0]
    assert present["thresholds"]["spam"]["review"] == 0.5
    for choice in found["choices"]:
        assert list(choice["labels"]) == list(Label)
        assert choice["any"]["a_day"] == pytest.approx(
            500 * choice["any"]["queued"], abs=0.1
        )
    assert found["traffic_posts"] is None
    assert "dev rows" in " ".join(found["notices"])
    assert found["bundle"] == digest == bundle_digest(bundle)


def test_traffic_decides_the_shares(
    bundle: Path, prepared: Path, tmp_path: Path
) -> None:
    """Of a user's own posts one in ten is abusive, whatever the dev rows are."""
    posts = tmp_path / "posts.txt"
    posts.write_text("\n".join(["đồ ngu", *["xin chào"] * 9]), encoding="utf-8")

    found = _found(bundle, "--data", prepared, "--rule", "f1", "--traffic", posts)

    assert found["traffic_posts"] == 10
    assert found["choices"][0]["labels"]["abusive"]["queued"] == 0.1
    assert "of your posts" in " ".join(found["notices"])


def test_write_makes_a_bundle(bundle: Path, prepared: Path, tmp_path: Path) -> None:
    """The thresholds that were shown are those of the new bundle."""
    out = tmp_path / "new"

    found = _found(
        *(bundle, "--data", prepared, "--rule", "budget"),
        *("--budget", "0.3", "--write", out),
    )

    assert found["asked"]["budget"] == 0.3
    written = read_manifest(out).thresholds
    assert {x: t.model_dump() for x, t in written.items()} == (
        found["choices"][-1]["thresholds"]
    )


def test_what_makes_no_sense_is_refused_before_anything_is_scored(
    bundle: Path, tmp_path: Path
) -> None:
    """Writing needs one rule and an empty place, and the prepared set is not touched."""
    nowhere = tmp_path / "nowhere"

    no_rule = _run(bundle, "--data", nowhere, "--write", tmp_path / "new")
    taken = _run(bundle, "--data", nowhere, "--rule", "f1", "--write", bundle)

    assert (no_rule.exit_code, taken.exit_code) == (2, 2)
    assert "--write needs --rule" in no_rule.output
    assert "overwritten" in taken.output


def test_it_loads_no_torch() -> None:
    """Thresholds are figures: a machine without the training stack can choose them."""
    code = (
        "import sys, training.commands.thresholds, training.calibrating.dry_run, "
        "training.calibrating.tables, training.calibrating.rewriting; "
        "sys.exit('torch' in sys.modules)"
    )

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
