"""The look of the console is that of the page at ``/``, and comes from here."""

import re

import pytest

from serving.assets import ASSETS

CSS, JS = (
    ASSETS[name][0].read_text(encoding="utf-8")
    for name in ("console.css", "console.js")
)


def test_colours_are_those_of_the_page() -> None:
    """Colours are named in one place, where their contrasts are tested."""
    page = ASSETS["page.css"][0].read_text(encoding="utf-8")
    named = set(re.findall(r"--([\w-]+):", page))

    assert set(re.findall(r"var\(--([\w-]+)\)", CSS)) <= named
    assert re.findall(r"#[0-9a-fA-F]{3,8}\b(?=\s*[;}])", CSS) == []


@pytest.mark.parametrize("source", [CSS, JS], ids=["css", "js"])
def test_nothing_comes_from_elsewhere(source: str) -> None:
    """Neither loads anything, nor makes a page out of text."""
    for word in ("url(", "@import", "http:", "https:", "innerHTML", "eval("):
        assert word not in source
