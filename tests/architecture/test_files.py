"""Files are small, have honest names, and say what they are for."""

import ast
from pathlib import Path

import pytest

from kiemtin.bundles import COMPACT
from tests.fixtures.checkout import ROOT, checkout_files

FILES = checkout_files()
SOURCES = [f for f in FILES if f.suffix == ".py"]
PACKAGES = {"kiemtin", "serving", "training", "tests"}

FORBIDDEN = {
    "util",
    "utils",
    "helper",
    "helpers",
    "common",
    "misc",
    "manager",
    "processor",
    "data",
    "types",
}
FORBIDDEN_ENDS = ("Manager", "Processor", "Helper", "Helpers", "Util", "Utils")
MOST_LINES, MOST_BYTES = 300, 40_000_000


def _parsed(path: Path) -> ast.Module:
    return ast.parse((ROOT / path).read_bytes(), str(path))


def test_there_are_files() -> None:
    """The lists that the other tests walk are not empty by accident."""
    assert {f.parts[0] for f in SOURCES} >= PACKAGES


@pytest.mark.parametrize(
    "path",
    [f for f in FILES if f.suffix in {".py", ".html", ".css"} or f.name == "Makefile"],
    ids=str,
)
def test_file_is_short(path: Path) -> None:
    """A file that people write and read has at most 300 lines."""
    n_lines = len((ROOT / path).read_text(encoding="utf-8").splitlines())

    assert n_lines <= MOST_LINES


@pytest.mark.parametrize("path", SOURCES, ids=str)
def test_module_says_what_it_is_for(path: Path) -> None:
    """Every module begins with a docstring."""
    assert ast.get_docstring(_parsed(path))


def test_file_names_say_something() -> None:
    """No module or package has a name that anything would fit under."""
    names = {p: [*p.parent.parts, p.stem] for p in SOURCES}

    assert [str(p) for p, parts in names.items() if FORBIDDEN.intersection(parts)] == []


def test_class_names_say_something() -> None:
    """No class manages, processes or helps."""
    classes = [
        f"{path}: {node.name}"
        for path in SOURCES
        for node in ast.walk(_parsed(path))
        if isinstance(node, ast.ClassDef) and node.name.endswith(FORBIDDEN_ENDS)
    ]

    assert classes == []


def test_nothing_large_is_kept_in_git() -> None:
    """No file is larger than 40 MB, and neither is the embedded bundle as a whole."""
    sizes = {f: (ROOT / f).stat().st_size for f in FILES}
    embedded = COMPACT.relative_to(ROOT)

    assert [str(f) for f, n in sizes.items() if n > MOST_BYTES] == []
    assert sum(n for f, n in sizes.items() if embedded in f.parents) <= MOST_BYTES
