"""Every error is there on purpose: with a code, and drawn in its tree."""

import re
from collections import Counter
from collections.abc import Iterator
from types import ModuleType

import pytest

import kiemtin.errors
import serving.errors
import training.errors
from kiemtin.errors import KiemtinError

MODULES: tuple[ModuleType, ...] = (kiemtin.errors, serving.errors, training.errors)
CODE = re.compile(r"[a-z]+(_[a-z]+)*")


def _below(cls: type[KiemtinError]) -> Iterator[type[KiemtinError]]:
    for child in cls.__subclasses__():
        yield child
        yield from _below(child)


OURS = [e for e in _below(KiemtinError) if not e.__module__.startswith("tests")]
LEAVES = [e for e in OURS if not e.__subclasses__()]


@pytest.mark.parametrize("error", LEAVES, ids=lambda e: e.__name__)
def test_leaf_has_its_own_code(error: type[KiemtinError]) -> None:
    """What can be raised has a code of its own, in snake case."""
    assert "code" in vars(error)
    assert CODE.fullmatch(error.code)


def test_codes_are_unique() -> None:
    """No two errors answer with one code."""
    codes = Counter(e.code for e in OURS if "code" in vars(e))

    assert [c for c, n in codes.items() if n > 1] == []


@pytest.mark.parametrize("error", OURS, ids=lambda e: e.__name__)
def test_error_is_drawn(error: type[KiemtinError]) -> None:
    """Each error lives in one of the three modules, or below, and stands in its tree."""
    inside = f"{error.__module__}."
    (home,) = (m for m in MODULES if inside.startswith(f"{m.__name__}."))

    assert re.search(rf"^ *[*x+-] {error.__name__}\b", home.__doc__ or "", re.MULTILINE)


@pytest.mark.parametrize("module", MODULES, ids=lambda m: m.__name__)
def test_drawn_error_exists(module: ModuleType) -> None:
    """A tree draws nothing that is not there."""
    drawn = re.findall(r"^ *[*x+-] (\w+Error)\b", module.__doc__ or "", re.MULTILINE)

    assert [name for name in drawn if not hasattr(module, name)] == []
