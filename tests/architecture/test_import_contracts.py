"""Who may import whom stands in pyproject.toml, and holds."""

import subprocess
import sys
from pathlib import Path

from tests.fixtures.checkout import ROOT, read_pyproject


def test_contracts_hold() -> None:
    """Every import contract is kept."""
    program = Path(sys.executable).with_name("lint-imports")

    done = subprocess.run(
        [str(program), "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr


def test_contracts_see_every_package() -> None:
    """A package that the wheel carries cannot be left out of the contracts."""
    tool = read_pyproject()["tool"]

    assert set(tool["hatch"]["build"]["targets"]["wheel"]["packages"]) == set(
        tool["importlinter"]["root_packages"]
    )
