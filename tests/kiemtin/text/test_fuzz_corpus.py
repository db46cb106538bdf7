"""What fuzzing found once holds for ever."""

from pathlib import Path

import pytest

from tests.fixtures.checkout import ROOT
from tests.fixtures.laws import hold

CORPUS = sorted((ROOT / "tests/fuzz/corpus").iterdir())


@pytest.mark.parametrize("path", CORPUS, ids=lambda p: p.name)
def test_laws_hold(path: Path) -> None:
    """Each kept text is normalized by the laws."""
    hold(path.read_bytes().decode("utf-8", "replace"))


def test_corpus_is_small() -> None:
    """The corpus is a sample of what matters and no archive."""
    assert 20 <= len(CORPUS) <= 300
    assert sum(p.stat().st_size for p in CORPUS) < 100_000
