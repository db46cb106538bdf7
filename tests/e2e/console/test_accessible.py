"""Every page of the console, for people who cannot use it as most do (WCAG 2.2, AA)."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from serving.access.scopes import Role
from tests.e2e.console.conftest import Desk, Tab

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

NARROW = 360
LEAST_TARGET = 24
"""Pixels, by WCAG 2.5.8."""
_SMALL = """(least) => [...document.querySelectorAll(
    "button, summary, .tick, .choice, nav a, textarea, input:not([type=hidden])")]
    .filter((x) => x.checkVisibility() && !x.closest("label *, .tick, .choice") ||
        x.matches(".tick, .choice"))
    .filter((x) => x.checkVisibility())
    .filter((x) => Math.min(x.offsetWidth, x.offsetHeight) < least)
    .filter((x) => !(x.labels && x.labels.length && [...x.labels].some(
        (y) => Math.min(y.offsetWidth, y.offsetHeight) >= least)))
    .map((x) => x.outerHTML.slice(0, 100))"""
_RULES = {
    "runOnly": {
        "type": "tag",
        "values": [
            "wcag2a",
            "wcag2aa",
            "wcag21a",
            "wcag21aa",
            "wcag22aa",
            "best-practice",
        ],
    }
}

Open = Callable[[Desk, Tab], None]


def _go(path: str) -> Open:
    return lambda _, tab: _opened(tab, path)


def _opened(tab: Tab, path: str) -> None:
    tab.go(path)


def _sign_out(_: Desk, tab: Tab) -> None:
    tab.go("/console")
    tab.page.click("form[action$=sign-out] button")
    tab.page.wait_for_selector("#key")


def _wrong_key(_: Desk, tab: Tab) -> None:
    tab.go("/console/sign-in")
    tab.page.fill("#key", "kt_wrong")
    tab.page.press("#key", "Enter")
    tab.page.wait_for_selector("#error")


def _case(desk: Desk, tab: Tab) -> None:
    desk.take(tab, "scam")


def _chosen(desk: Desk, tab: Tab) -> None:
    _case(desk, tab)
    tab.press("s", "2", "k", "e")


def _wrong(desk: Desk, tab: Tab) -> None:
    _case(desk, tab)
    tab.page.evaluate("document.getElementById('decide').submit()")
    tab.page.wait_for_selector("#errors")


def _foreign(desk: Desk, tab: Tab) -> None:
    tab.go(desk.free("insult"))


def _done(desk: Desk, tab: Tab) -> None:
    desk.take(tab, "criticism")
    tab.press("6", "Enter")
    tab.page.wait_for_url(re.compile("done=dec_"))
    address = tab.page.url
    tab.press("u")
    tab.page.wait_for_url("**said=undone")
    tab.page.goto(address)


def _soon(desk: Desk, tab: Tab) -> None:
    _case(desk, tab)
    tab.page.evaluate("document.getElementById('soon').hidden = false")
    tab.page.evaluate("document.getElementById('lost').hidden = false")


def _decided(_: Desk, tab: Tab) -> None:
    tab.go("/console/lead")
    link = "section[aria-labelledby=recent] tr:not(:has(.late)) a"
    tab.page.click(f"{link} >> nth=1")
    tab.page.click(".way summary")


def _tables(_: Desk, tab: Tab) -> None:
    tab.go("/console/lead")
    for summary in tab.page.locator("figure summary").all():
        summary.click()


def _appeal(desk: Desk, tab: Tab) -> None:
    tab.go(f"/console/appeals/{desk.laid.appeals[7]}")
    tab.page.check("#overturn")
    tab.page.check("#outcome-label")


def _wrong_appeal(desk: Desk, tab: Tab) -> None:
    tab.go(f"/console/appeals/{desk.laid.appeals[7]}")
    tab.page.click(".decide .primary")
    tab.page.wait_for_selector("#errors")


def _answered(desk: Desk, tab: Tab) -> None:
    tab.go(f"/console/appeals/{desk.laid.appeals[8]}")


def _keys(_: Desk, tab: Tab) -> None:
    tab.go("/console")
    tab.press("?")
    tab.page.wait_for_selector("dialog[open]")


PAGES: dict[str, Open] = {
    "board": _go("/console"),
    "case": _case,
    "chosen": _chosen,
    "wrong": _wrong,
    "foreign": _foreign,
    "done": _done,
    "soon": _soon,
    "decided": _decided,
    "lead": _go("/console/lead"),
    "tables": _tables,
    "appeals": _go("/console/appeals"),
    "appeal": _appeal,
    "wrong-appeal": _wrong_appeal,
    "answered": _answered,
    "report": _go("/console/report"),
    "settings": _go("/console/settings"),
    "nothing": _go("/console/cases/case_none"),
    "keys": _keys,
    "sign-in": _sign_out,
    "wrong-key": _wrong_key,
}


@dataclass
class Found:
    """What is wrong with the pages, by their names."""

    by_axe: dict[str, list[str]] = field(default_factory=dict)
    too_wide: dict[str, int] = field(default_factory=dict)
    too_small: dict[str, list[str]] = field(default_factory=dict)

    def check(self, name: str, page: Page) -> None:
        """Look at the page as it is now, in both colour schemes, wide and narrow."""
        # What stays at the top must not half cover what is scrolled under it.
        page.evaluate("scrollTo(0, 0)")
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            violations = Axe().run(page, options=_RULES).response["violations"]
            if violations:
                self.by_axe[f"{name}, {scheme}"] = [
                    f"{x['id']}: {x['nodes'][0]['html'][:200]}" for x in violations
                ]
        page.set_viewport_size({"width": NARROW, "height": 800})
        width = page.evaluate("document.documentElement.scrollWidth")
        if width > NARROW:
            self.too_wide[name] = width
        small = page.evaluate(_SMALL, LEAST_TARGET)
        if small:
            self.too_small[name] = small
        page.set_viewport_size({"width": 1280, "height": 900})


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_no_page_shuts_anybody_out(one_desk: Desk, lang: str) -> None:
    """Axe finds nothing, 360 pixels are wide enough, and every target is large enough."""
    tab = one_desk.sign_in(f"axe-{lang}", Role.LEAD, lang=lang)
    found = Found()
    for name, open_page in PAGES.items():
        open_page(one_desk, tab)
        found.check(name, tab.page)

    assert found.by_axe == {}
    assert found.too_wide == {}
    assert found.too_small == {}
    assert tab.complaints == []


def test_the_keyboard_is_seen_where_it_is(one_desk: Desk) -> None:
    """Going through a case with Tab, the focus is always visible, and never trapped."""
    tab = one_desk.sign_in("tab")
    page = one_desk.take(tab, "scam")
    page.reload()
    seen = []
    for _ in range(80):
        tab.press("Tab")
        seen.append(
            page.evaluate(
                """() => {
                const x = document.activeElement.closest(".choice") ||
                    document.activeElement;
                const style = getComputedStyle(x);
                const box = x.getBoundingClientRect();
                const isThere = x === document.body ||
                    (style.outlineStyle !== "none" && box.bottom > 0 &&
                     box.top < innerHeight);
                return [x.tagName, x.id || x.textContent.trim().slice(0, 20), isThere];
            }"""
            )
        )

    assert [x for x in seen if not x[2]] == []
    assert ["BODY"] in [x[:1] for x in seen] or len({x[1] for x in seen}) > 20
    assert not [x for x in seen if x[1].startswith("Những từ")]
