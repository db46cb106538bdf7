"""The page stands alone, shows everything, and runs nothing."""

import base64
import hashlib
import re

import pytest
from bs4 import BeautifulSoup, Tag

from tests.training.auditing.conftest import EVIL, MakePool
from training.auditing.audit import audit
from training.auditing.page import render_page
from training.auditing.sections import PARTS, Audit


@pytest.fixture(scope="module")
def html(audited: Audit) -> str:
    """The page."""
    return render_page(audited)


@pytest.fixture(scope="module")
def page(html: str) -> BeautifulSoup:
    """The page, parsed."""
    return BeautifulSoup(html, "html.parser")


def _policy(page: BeautifulSoup) -> str:
    (meta,) = page.select("meta[http-equiv='Content-Security-Policy']")
    return str(meta["content"])


def test_nothing_comes_from_elsewhere(html: str, page: BeautifulSoup) -> None:
    """No tag of the page loads anything, and its policy would not let it."""
    assert not page.select("script, link, img, iframe, object, embed, form, base")
    assert not re.search(r"""(?:src|href)="(?!#)""", html)
    assert "url(http" not in html
    assert _policy(page).startswith("default-src 'none'; ")


def test_the_policy_allows_its_one_style_sheet(page: BeautifulSoup) -> None:
    """The digest is of the very style sheet, and no element has a style of its own."""
    (style,) = page.select("style")
    digest = base64.b64encode(hashlib.sha256(style.text.encode()).digest()).decode()

    assert f"style-src 'sha256-{digest}'" in _policy(page)
    assert not page.select("[style]")
    assert not [t for t in page.find_all() if any(a.startswith("on") for a in t.attrs)]


def test_a_post_is_text(html: str, page: BeautifulSoup) -> None:
    """Markup in a post is shown, not run."""
    assert "<script" not in html
    assert EVIL in [cell.text for cell in page.select("td.post")]


def test_every_section_is_listed_and_there(page: BeautifulSoup) -> None:
    """The table of contents leads to each section."""
    links = [str(a["href"]) for a in page.select("nav a")]

    assert links == ["#findings", *(f"#{p.name}" for p in PARTS)]
    for link in {str(a["href"]) for a in page.select("a")}:
        assert page.select_one(link), link


def test_findings_come_first(page: BeautifulSoup, audited: Audit) -> None:
    """All findings stand at the top, worst first, each with its section."""
    first = page.select_one("main section")
    assert isinstance(first, Tag)
    said = [li.select("span")[0].text for li in first.select("li")]

    assert said == [f.sentence for f in audited.findings]


@pytest.mark.parametrize(
    "section",
    ["contents", "copies", "rates", "topics", "giveaways"],
)
def test_plots_stand_beside_tables(page: BeautifulSoup, section: str) -> None:
    """A section that has something to draw draws it, and gives the figures, too."""
    assert page.select(f"#{section} figure svg[aria-label]")
    assert page.select(f"#{section} table")


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


def test_it_is_vietnamese_where_it_quotes(page: BeautifulSoup) -> None:
    """A screen reader is told which words are Vietnamese, and the file is UTF-8."""
    assert page.select("meta[charset=utf-8]")
    assert all(cell["lang"] == "vi" for cell in page.select("td.post"))


def test_an_audit_of_nothing_is_a_page(make_pool: MakePool) -> None:
    """A pool without a row is audited, too."""
    page = render_page(audit(make_pool([]), seed=0))

    assert "none" in page
