"""Figures of Matplotlib as SVG that stands in a page: its colours, its fonts, no styles."""

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from xml.etree import ElementTree as ET

import matplotlib as mpl
from markupsafe import Markup
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.typing import RcKeyType

COLOURS = {
    "ink": "#16211f",
    "soft": "#51605d",
    "line": "#d5dcda",
    "one": "#0f5f5c",
    "two": "#b8420f",
    "three": "#2455b8",
    "four": "#946200",
    "five": "#a1246b",
    "six": "#7b8a86",
}
"""By the class that the page gives them: it has another set of them for the dark."""
INK, SOFT, LINE = COLOURS["ink"], COLOURS["soft"], COLOURS["line"]
SERIES = tuple(COLOURS[n] for n in ("one", "two", "three", "four", "five", "six"))

WIDTH_IN = 8.0
_POINTS_TO_PX = 96 / 72
_NAMES = {colour: name for name, colour in COLOURS.items()}
_USED = re.compile(r"#([\w.]+)")
_HREF = "{http://www.w3.org/1999/xlink}href"
_SVG = "{http://www.w3.org/2000/svg}"
_STYLE: dict[RcKeyType, Any] = {
    "svg.fonttype": "none",  # text stays text: it can be found, read aloud and copied
    "font.size": 9,
    "figure.facecolor": "none",
    "axes.facecolor": "none",
    "savefig.facecolor": "none",
    "text.color": INK,
    "axes.labelcolor": SOFT,
    "axes.edgecolor": LINE,
    "axes.titlecolor": INK,
    "axes.titlesize": 9,
    "axes.titlelocation": "left",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "xtick.color": LINE,
    "ytick.color": LINE,
    "xtick.labelcolor": SOFT,
    "ytick.labelcolor": INK,
    "grid.color": LINE,
    "grid.linewidth": 0.6,
    "legend.frameon": False,
    "text.parse_math": False,
}


class Drawing:
    """A figure on its way into the page."""

    def __init__(self, figure: Figure) -> None:
        self.figure = figure
        self.svg = Markup()


@contextmanager
def drawing(name: str, said: str, *, height_in: float) -> Iterator[Drawing]:
    """
    Yield a figure to draw on; afterwards its ``svg`` is what stands in the page.

    Args:
        name: What no other figure of the page is named.
        said: What a screen reader says of it.
        height_in: In inches; the width is the same for all.
    """
    with sketch(height_in=height_in) as figure:
        made = Drawing(figure)
        yield made
        made.svg = to_svg(figure, name, said)


@contextmanager
def sketch(*, height_in: float, width_in: float = WIDTH_IN) -> Iterator[Figure]:
    """
    Yield a figure to draw on, in the style of the pages.

    By itself, as in a PNG, it is on white; in a page it has the page's ground.
    """
    with mpl.rc_context(_STYLE):
        size = (width_in, height_in)
        yield Figure(figsize=size, layout="constrained", facecolor="white")


def to_svg(figure: Figure, name: str, said: str) -> Markup:
    """
    Return *figure* as it stands in a page.

    The same figure gives the same bytes: no dates, and ids that follow *name*.
    """
    written = io.StringIO()
    with mpl.rc_context({**_STYLE, "svg.hashsalt": name}):
        figure.savefig(written, format="svg", metadata={"Date": None})
    return _clean(written.getvalue(), said)


def show_percent(axes: Axes, axis: str = "x") -> None:
    """Label an axis of shares in per cent, with a grid."""
    ticks = axes.xaxis if axis == "x" else axes.yaxis
    ticks.set_major_formatter(lambda x, _: f"{100 * x:.0f} %")
    ticks.grid(visible=True)


def _clean(written: str, said: str) -> Markup:
    """Return the SVG as HTML takes it, with classes for colours and for no other style."""
    root = ET.fromstring(written)  # noqa: S314 - Matplotlib wrote it
    used = set(_USED.findall(written.replace('id="', "")))
    for element in list(root.iter()):
        for child in list(element):
            if child.tag.rpartition("}")[2] in {"metadata", "style"}:
                element.remove(child)
        element.tag = element.tag.removeprefix(_SVG)
        if element.get("id") not in used:
            element.attrib.pop("id", None)
        if href := element.attrib.pop(_HREF, None):
            element.set("href", href)
        _unstyle(element)
    for side in ("width", "height"):
        points = float(root.attrib[side].removesuffix("pt"))
        root.set(side, f"{points * _POINTS_TO_PX:.0f}")
    root.set("role", "img")
    root.set("aria-label", said)
    # Escaped by ElementTree, texts and attributes alike.
    return Markup(ET.tostring(root, encoding="unicode"))  # noqa: S704


def _unstyle(element: ET.Element) -> None:
    """Make attributes of the style of *element*: the page's policy allows no other."""
    classes = []
    for declaration in element.attrib.pop("style", "").split(";"):
        name, _, value = (part.strip() for part in declaration.partition(":"))
        if name in {"fill", "stroke"} and value in _NAMES:
            classes.append(f"{name}-{_NAMES[value]}")
        elif name and name != "font-family":
            element.set(name, value)
    if element.tag == "text" and not any(c.startswith("fill") for c in classes):
        classes.append("fill-ink")
    if classes:
        element.set("class", " ".join(classes))
