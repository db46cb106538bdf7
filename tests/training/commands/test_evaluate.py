"""``kiemtin evaluate`` writes a report, and prints it."""

import json
from pathlib import Path

import pytest

from kiemtin.manifest import REPORT_FILE
from tests.fixtures.command_line import kiemtin
from training.evaluation.examination import FLOOR, PAGE_FILE


@pytest.fixture(scope="module")
def printed(
    bundle: Path, prepared: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[str, Path]:
    """What the command prints for one corpus of one split, and where it writes."""
    out = tmp_path_factory.mktemp("out")
    where = ("--data", prepared, "--out", out)
    options = ("--corpus", "vihsd", "--split", "dev", "--perturbation", "typos")
    done = kiemtin("evaluate", bundle, *where, *options, "--json")
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode(), out


def test_what_is_printed_is_the_report(printed: tuple[str, Path]) -> None:
    """As JSON it is what is written, logs stand apart, and only what was asked is there."""
    found, out = json.loads(printed[0]), printed[1]

    assert found == json.loads((out / REPORT_FILE).read_text())
    assert list(found["splits"]) == ["dev"]
    assert list(found["robustness"]["dev"][0]["values"]) == ["clean", "typos"]
    assert list(found["against"]) == [FLOOR]
    assert (out / PAGE_FILE).is_file()


def test_the_floor_is_kept_beside_the_prepared_set(
    printed: tuple[str, Path], prepared: Path
) -> None:
    """Whoever measures the next bundle does not learn it again."""
    assert list((prepared.parent / "interim" / "floor").glob("vihsd-*.npz"))


@pytest.mark.parametrize(
    ("option", "value", "said"),
    [("--split", "train", "dev, test or both"), ("--perturbation", "x", "stripped")],
)
def test_a_wrong_word_is_told_the_right_ones(
    bundle: Path, option: str, value: str, said: str
) -> None:
    """A split or a perturbation that there is not is refused before anything is read."""
    done = kiemtin("evaluate", bundle, "--data", "nowhere", option, value)

    assert done.returncode == 2
    assert said in " ".join(done.stderr.decode().replace("│", " ").split())
