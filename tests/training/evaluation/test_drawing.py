"""A figure becomes SVG that stands in a page of a strict policy."""

import re
from xml.etree import ElementTree as ET

import pytest
from markupsafe import Markup

from training.evaluation.drawing import COLOURS, SERIES, drawing, show_percent


def _draw(name: str = "x", label: str = "chính quyền") -> Markup:
    with drawing(name, "What it shows", height_in=2) as d:
        axes = d.figure.subplots()
        axes.barh([label, "b"], [0.1, 0.5], color=SERIES[0], alpha=0.5)
        axes.errorbar([0.2], [1], xerr=[[0.1], [0.2]], fmt="o", color=SERIES[1])
        show_percent(axes)
    return d.svg


def _parse(svg: Markup) -> ET.Element:
    return ET.fromstring(svg)  # noqa: S314 - drawn here


def test_the_same_figure_is_the_same_bytes() -> None:
    """Nothing in a figure hangs on the day or on chance."""
    assert _draw() == _draw()


def test_no_styles_that_a_policy_would_block() -> None:
    """Neither style sheet nor style attribute is left, nor anything from elsewhere."""
    svg = _draw()

    assert "style" not in svg
    assert "http" not in svg
    assert "metadata" not in svg


def test_colours_are_the_page_s() -> None:
    """Every colour is a class, so that a dark page can show another."""
    svg = _draw()
    classes = set(re.findall(r"(?:fill|stroke)-(\w+)", svg)) - {"opacity", "width"}

    assert re.findall(r"#[0-9a-f]{6}\b", svg) == []
    assert {"one", "two", "ink", "soft"} <= classes <= {*COLOURS, "linejoin", "linecap"}


def test_references_lead_somewhere() -> None:
    """What is used is defined once, and figures of one page share no id."""
    ids = [re.findall(r' id="([^"]+)"', _draw(name)) for name in ("x", "y")]
    used = set(re.findall(r'(?:url\(#|href="#)([^")]+)', _draw("x")))

    assert used
    assert used == set(ids[0])
    assert len(ids[0]) == len(set(ids[0]))
    assert not set(ids[0]) & set(ids[1])


@pytest.mark.parametrize("label", ["<script>", "a & b", "giá $x_1$", '"><b>'])
def test_a_label_is_text(label: str) -> None:
    """A label is shown as it is: it is neither markup nor a formula."""
    root = _parse(_draw(label=label))

    assert label in [t.text for t in root.iter("text")]
    assert {e.tag for e in root.iter()} <= {
        "svg", "g", "path", "use", "defs", "text", "clipPath", "rect",
    }  # fmt: skip


def test_it_is_named_for_who_cannot_see_it() -> None:
    """A screen reader says what a figure shows."""
    root = _parse(_draw())

    assert (root.get("role"), root.get("aria-label")) == ("img", "What it shows")
