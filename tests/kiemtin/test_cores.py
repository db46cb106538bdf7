"""How many cores there are for us."""

import os
from pathlib import Path

import pytest

from kiemtin.cores import n_cores

ALL = (
    len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
)


@pytest.mark.parametrize(
    ("limit", "n"),
    [
        ("max 100000", ALL),
        ("100000 100000", 1),
        ("150000 100000", min(2, ALL or 1)),
        ("10000 100000", 1),
        ("999900000 100000", ALL),
        ("nonsense", ALL),
    ],
)
def test_a_container_may_have_less(tmp_path: Path, limit: str, n: int) -> None:
    """Its quota is rounded up, and never more than there is."""
    path = tmp_path / "cpu.max"
    path.write_text(limit)

    assert n_cores(path) == n


def test_without_a_container(tmp_path: Path) -> None:
    """All that the process may run on."""
    assert n_cores(tmp_path / "nothing") == ALL
