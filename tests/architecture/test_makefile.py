"""The Makefile explains itself and fails clearly."""

import re
import subprocess

from tests.fixtures.checkout import ROOT, environment_without_make


def _make(*args: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["make", *args],
        cwd=ROOT,
        env=environment_without_make(),
        capture_output=True,
        text=True,
        check=False,
    )


def test_help_lists_every_target() -> None:
    """``make help`` says a line about each target that people may call."""
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    (phony,) = re.findall(r"^\.PHONY: (.+)$", text, re.MULTILINE)

    listed = re.findall(r"^  ([\w-]+) +\S", _make("help").stdout, re.MULTILINE)

    assert listed == phony.split()


def test_help_is_what_plain_make_does() -> None:
    """Who types ``make`` alone installs nothing and learns what there is."""
    assert _make().stdout == _make("help").stdout


def test_unsuitable_python_is_named() -> None:
    """A Python that is not there or too old is refused before anything is made."""
    done = _make("--always-make", ".venv/.installed", "PYTHON=/nowhere/python2")

    assert done.returncode != 0
    assert "Python 3.11 or 3.12 is needed, '/nowhere/python2' is not" in done.stderr
