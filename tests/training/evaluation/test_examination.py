"""``kiemtin evaluate`` measures a bundle on prepared rows."""

import json
from pathlib import Path

from tests.fixtures.command_line import kiemtin


def _evaluate(bundle: Path, prepared: Path, *args: str) -> str:
    done = kiemtin("evaluate", bundle, "--data", prepared, "--corpus", "vihsd", *args)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode()


def test_figures_come_with_intervals(bundle: Path, prepared: Path) -> None:
    """Without options each figure is given with its interval and number of rows."""
    found = json.loads(_evaluate(bundle, prepared, "--json", "--split", "test"))

    figure = found["figures"]["vihsd"]["abusive.auc"]
    assert figure["low"] <= figure["value"] <= figure["high"]
    assert found["data_digest"].startswith("sha256:")
    assert (found["split"], found["robustness"]) == ("test", [])


def test_perturbed_copies_are_a_table(bundle: Path, prepared: Path) -> None:
    """What was asked for is printed for people, and logs stand apart."""
    out = _evaluate(bundle, prepared, "--perturb", "--reasons")

    assert "clean" in out
    assert "loaded" not in out


def test_bundle_that_names_no_corpora_says_so(bundle: Path, prepared: Path) -> None:
    """Where neither the call nor the bundle names corpora, the error says how to."""
    done = kiemtin("evaluate", bundle, "--data", prepared)

    assert done.returncode == 2
    assert b"--corpus" in done.stderr
