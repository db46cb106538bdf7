"""
Pictures of the console, as ``docs/review/console.md`` shows them.

``KIEMTIN_TEST_PICTURES=docs/images/console`` keeps them there; else they are thrown away.
"""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image  # comes with matplotlib

from serving.access.scopes import Role
from tests.e2e.console.conftest import Desk, Tab

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

MOST_BYTES = 150_000
N_COLOURS = 128
Open = Callable[[Desk, Tab], None]


def _at(path: str) -> Open:
    def go(_: Desk, tab: Tab) -> None:
        tab.go(path)

    return go


def _sign_in(_: Desk, tab: Tab) -> None:
    tab.page.context.clear_cookies()
    tab.go("/console/sign-in?lang=vi")


def _covered(desk: Desk, tab: Tab) -> None:
    desk.take(tab, "scam")


def _shown(desk: Desk, tab: Tab) -> None:
    desk.take(tab, "scam")
    tab.press("s", "1")


def _done(desk: Desk, tab: Tab) -> None:
    desk.take(tab, "rumour")
    tab.press("5", "Space", "Enter")
    tab.page.wait_for_url("**done=dec_**")


def _keys(_: Desk, tab: Tab) -> None:
    tab.go("/console")
    tab.press("?")


def _appeal(desk: Desk, tab: Tab) -> None:
    tab.go(f"/console/appeals/{desk.laid.appeals[7]}")
    tab.press("s")
    tab.page.check("#overturn")


PICTURES: dict[str, tuple[Open, dict[str, object]]] = {
    "board": (_at("/console"), {}),
    "case": (_covered, {}),
    "case-shown": (_shown, {"lang": "en"}),
    "case-dark": (_shown, {"scheme": "dark"}),
    "case-narrow": (_shown, {"width": 360}),
    "done": (_done, {}),
    "keys": (_keys, {}),
    "lead": (_at("/console/lead"), {}),
    "appeals": (_at("/console/appeals"), {}),
    "appeal": (_appeal, {"lang": "en"}),
    "report": (_at("/console/report"), {"lang": "en"}),
    "settings": (_at("/console/settings"), {}),
    "sign-in": (_sign_in, {}),
}


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture(one_desk: Desk, tmp_path: Path, name: str) -> None:
    """Each page can be drawn, and its picture is small enough to be kept."""
    open_page, how = PICTURES[name]
    folder = Path(os.environ.get("KIEMTIN_TEST_PICTURES", tmp_path))
    folder.mkdir(parents=True, exist_ok=True)
    tab = one_desk.sign_in(f"picture-{name}", Role.LEAD, **how)  # type: ignore[arg-type]
    open_page(one_desk, tab)
    width = 360 if name.endswith("narrow") else 1200
    height = 1500 if name.startswith("case-") else 1000
    tab.page.set_viewport_size({"width": width, "height": height})
    tab.page.evaluate("scrollTo(0, 0)")
    tab.page.wait_for_timeout(300)
    path = folder / f"{name}.png"
    tab.page.screenshot(path=path)
    with Image.open(path) as picture:
        picture.convert("RGB").quantize(N_COLOURS).save(path, optimize=True)

    assert path.stat().st_size < MOST_BYTES
    assert tab.complaints == []
