"""The page's colours: readable in light and in dark (WCAG 2.2, AA)."""

import re

import pytest

from kiemtin.labels import Label
from serving.assets import ASSETS

CSS = ASSETS["page.css"][0].read_text(encoding="utf-8")
TEXT, GRAPHIC = 4.5, 3.0
"""The least contrasts for text and for the parts of a drawing."""

PAIRS = [
    *(("ink", x, TEXT) for x in ("paper", "card")),
    *(("soft", x, TEXT) for x in ("paper", "card")),
    *(("accent", x, TEXT) for x in ("paper", "card")),
    ("on-accent", "accent", TEXT),
    *((x, f"{x}-tint", TEXT) for x in ("ok", "review", "urgent", "undecided")),
    *(("ink", f"{x}-tint", TEXT) for x in ("review", "undecided", *Label)),
    *((f"{x}", "card", TEXT) for x in Label),
    *((f"{x}", f"{x}-tint", GRAPHIC) for x in Label),
    *((f"{x}", "track", GRAPHIC) for x in Label),
    ("field", "paper", GRAPHIC),
]


def luminance(colour: str) -> float:
    """Return the relative luminance of a colour, as WCAG defines it."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [
        x / 12.92 if x <= 0.04045 else ((x + 0.055) / 1.055) ** 2.4 for x in parts
    ]
    return sum(w * x for w, x in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("front", "back", "least"), PAIRS)
def test_contrast(theme: str, front: str, back: str, least: float) -> None:
    """Whoever sees little contrast can still read every word and bar."""
    light, dark = re.findall(r":root {\n(.*?)\n *}", CSS, re.DOTALL)[:2]
    named = dict(
        re.findall(r"--([\w-]+): (#\w{6});", light if theme == "light" else dark)
    )

    lighter, darker = sorted(map(luminance, (named[front], named[back])), reverse=True)

    assert (lighter + 0.05) / (darker + 0.05) >= least


def test_nothing_comes_from_elsewhere() -> None:
    """The style sheet loads nothing."""
    assert "url(" not in CSS
    assert "@import" not in CSS
