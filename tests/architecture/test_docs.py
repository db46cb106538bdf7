"""What is documented exists, and what exists is documented."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import serving.errors
import training.errors
from kiemtin.errors import KiemtinError
from serving.settings import Settings
from tests.fixtures.checkout import ROOT, checkout_files, read_pyproject

PAGES = [
    f
    for f in checkout_files()
    if f.suffix == ".md" and (f.parts[0] == "docs" or len(f.parts) == 1)
]
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
FENCED = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
EXTRA_MODULES = (serving.errors, training.errors)
"""Imported so that their errors hang in the tree that is walked below."""


def _entries() -> str:
    """Return the headings and table rows of docs/."""
    text = "\n".join(
        (ROOT / p).read_text(encoding="utf-8") for p in PAGES if p.parts[0] == "docs"
    )
    return "\n".join(x for x in text.splitlines() if x.startswith(("#", "|")))


def _codes(cls: type[KiemtinError]) -> Iterator[str]:
    for child in cls.__subclasses__():
        if not child.__module__.startswith("tests"):
            if "code" in vars(child):
                yield child.code
            yield from _codes(child)


def _anchors(page: Path) -> set[str]:
    """Return the anchors that GitHub gives the headings of *page*."""
    text = FENCED.sub("", page.read_text(encoding="utf-8"))
    headings = re.findall(r"^#+ +(.+)$", text, re.MULTILINE)
    kept = [re.sub(r"[^\w\- ]", "", h.lower()) for h in headings]
    return {h.replace(" ", "-") for h in kept}


@pytest.mark.parametrize("name", sorted(Settings.model_fields))
def test_setting_is_documented(name: str) -> None:
    """Every setting has its heading or table row."""
    assert f"KIEMTIN_{name.upper()}`" in _entries()


@pytest.mark.parametrize(
    "command", sorted(read_pyproject()["project"]["entry-points"]["kiemtin.commands"])
)
def test_command_is_documented(command: str) -> None:
    """Every command has its heading or table row."""
    assert re.search(rf"\bkiemtin {command}\b", _entries())


@pytest.mark.parametrize("code", sorted(set(_codes(KiemtinError))))
def test_error_code_is_documented(code: str) -> None:
    """Every error code has its heading or table row."""
    assert f"`{code}`" in _entries()


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_links_lead_somewhere(page: Path) -> None:
    """A link from one of our pages to another, or to a heading of it, resolves."""
    text = FENCED.sub("", (ROOT / page).read_text(encoding="utf-8"))
    broken = []
    for link in LINK.findall(text):
        if re.match(r"[a-z]+:", link):
            continue
        name, _, anchor = link.partition("#")
        target = (ROOT / page).parent / name if name else ROOT / page
        if not target.exists() or (anchor and anchor not in _anchors(target)):
            broken.append(link)

    assert broken == []
