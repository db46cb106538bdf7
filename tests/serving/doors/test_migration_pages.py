"""The blocks of docs/migration/, run against a service that listens."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from serving.settings import Settings
from tests.fixtures.checkout import ROOT
from tests.serving.doors.conftest import listening

PAGES = sorted((ROOT / "docs/migration").glob("*.md"))
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
OURS = "127.0.0.1:8000"
GOOGLE = "https://commentanalyzer.googleapis.com"
SOMEBODYS = "triton.example"
"""A model that is not there: what is asked of it can only be read."""


@dataclass(frozen=True, slots=True)
class Block:
    """Something to run, and what it prints if the page says so."""

    page: str
    language: str
    source: str
    printed: str | None


def blocks() -> list[Block]:
    """Return everything that can be run."""
    found: list[Block] = []
    for page in PAGES:
        parts = BLOCK.findall(page.read_text(encoding="utf-8"))
        for (language, source), after in zip(
            parts, [*parts[1:], ("", "")], strict=True
        ):
            if language in {"python", "sh"}:
                printed = after[1] if after[0] == "text" else None
                found.append(Block(page.stem, language, source, printed))
    return found


@pytest.fixture(scope="module")
def embedded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a service as people get it, with the embedded model."""
    folder = tmp_path_factory.mktemp("embedded")
    with listening(Settings(database_url=f"sqlite:///{folder / 'db'}")) as url:
        yield url


def run(block: Block, service: str, folder: Path) -> str:
    """Run *block* as it stands, but for the address, and return what it printed."""
    source = block.source.replace(OURS, service.removeprefix("http://"))
    source = source.replace(GOOGLE, service)
    programs = {"python": [sys.executable, "-c"], "sh": ["sh", "-euc"]}
    done = subprocess.run(
        [*programs[block.language], source],
        cwd=folder,
        env=os.environ
        | {"OPENAI_API_KEY": "kt_any", "OPENAI_BASE_URL": f"{service}/v1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_each_protocol_has_its_page() -> None:
    """There is a page for each door, with something before and something after."""
    assert [x.stem for x in PAGES] == ["open-inference", "openai", "perspective"]
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        assert "\n## Before\n" in text
        assert "\n## After\n" in text


@pytest.mark.parametrize(
    "block", blocks(), ids=[f"{x.page}-{i}" for i, x in enumerate(blocks())]
)
def test_block(block: Block, embedded: str, tmp_path: Path) -> None:
    """What the page says to run runs, and prints what the page says."""
    if SOMEBODYS in block.source:
        compile(block.source, block.page, "exec")
        return

    printed = run(block, embedded, tmp_path)

    assert printed.strip()
    assert '"error"' not in printed
    if block.printed is not None:
        assert printed == block.printed
