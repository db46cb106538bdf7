"""The page stands alone, shows everything, and runs nothing."""

import base64
import hashlib
import re

import pytest
from bs4 import BeautifulSoup

from kiemtin.labels import Label
from tests.training.evaluation.test_printing import make_report
from training.evaluation.page import by_family, by_slice, render_page
from training.evaluation.report import Report
from training.evaluation.scored import Scored


@pytest.fixture(scope="module")
def report(scored: Scored) -> Report:
    """A report with something in every part."""
    return make_report(scored)


@pytest.fixture(scope="module")
def html(report: Report, scored: Scored) -> str:
    """The page."""
    return render_page(report, {"dev": scored})


@pytest.fixture(scope="module")
def page(html: str) -> BeautifulSoup:
    """The page, parsed."""
    return BeautifulSoup(html, "html.parser")


def test_nothing_comes_from_elsewhere(html: str, page: BeautifulSoup) -> None:
    """No tag of the page loads anything, and its policy would not let it."""
    (meta,) = page.select("meta[http-equiv='Content-Security-Policy']")
    (style,) = page.select("style")
    digest = base64.b64encode(hashlib.sha256(style.text.encode()).digest()).decode()

    assert not page.select("script, link, img, iframe, object, embed, form, base")
    assert not re.search(r"""(?:src|href)="(?!#)""", html)
    assert str(meta["content"]).startswith("default-src 'none'; ")
    assert f"style-src 'sha256-{digest}'" in str(meta["content"])
    assert not page.select("[style]")


def test_every_part_is_listed_and_there(page: BeautifulSoup) -> None:
    """The contents lead to each section, and each holds a table or a plot."""
    links = [str(a["href"]) for a in page.select("nav a")]

    assert links == [f"#{s['id']}" for s in page.select("main section")]
    for link in links:
        assert page.select_one(f"{link} table, {link} svg"), link


def test_ids_are_used_once(page: BeautifulSoup) -> None:
    """No two elements of the page, plots included, share an id."""
    ids = [t["id"] for t in page.select("[id]")]

    assert len(ids) == len(set(ids))


def test_every_colour_of_a_plot_is_in_the_style_sheet(page: BeautifulSoup) -> None:
    """A class that the style sheet forgets would be drawn in black."""
    css = page.select("style")[0].text
    used = {c for t in page.select("svg [class]") for c in t["class"]}

    assert used
    assert [c for c in used if f".{c} {{" not in css] == []


def test_a_failed_case_is_told_by_its_id(page: BeautifulSoup) -> None:
    """Whoever mends a model finds the cases of a capability."""
    assert "insult-02" in page.select("#functional")[0].text


def test_a_name_is_text(report: Report, scored: Scored) -> None:
    """Markup in a name is shown, not run."""
    evil = report.model_copy(update={"name": "<script>alert(1)</script>"})

    assert "<script" not in render_page(evil, {"dev": scored})


def test_an_old_report_is_a_page(report: Report) -> None:
    """A report without the newer parts is shown without them."""
    old = Report(**report.model_dump(include=set(_REQUIRED)))

    found = BeautifulSoup(render_page(old, {}), "html.parser")

    assert not found.select("#against, #functional, #reasons")
    assert found.select("#figures table")


def test_the_least_loss_stands_out(page: BeautifulSoup) -> None:
    """Of the ways to calibrate, that with the least loss is in bold."""
    bold = [b.text for b in page.select("#thresholds b")]

    assert bold == ["0.2900"] * len(Label)


def test_lines_are_in_groups(report: Report) -> None:
    """Slices are shown by kind, and capabilities by family."""
    kinds = by_slice(report.slices["dev"])

    assert list(kinds) == ["length", "diacritics", "political", "topic", "time"]
    assert sum(map(len, kinds.values())) == len(report.slices["dev"])
    assert list(by_family(report.functional)) == ["abusive"]


_REQUIRED = [n for n, f in Report.model_fields.items() if f.is_required()]
