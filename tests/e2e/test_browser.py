"""The pages in a real Chromium."""

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.e2e.conftest import Service

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WAIT_MS = 60_000

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]


@dataclass
class Seen:
    """What a page asked for, and what it complained about."""

    urls: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def watch(self, page: Page) -> None:
        """Note every request and every message of *page*."""
        page.on("request", lambda r: self.urls.append(r.url))
        page.on("console", lambda m: self.complaints.append(m.text))
        page.on("pageerror", lambda e: self.complaints.append(str(e)))


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium, or a skip that names it; in CI it must be there."""
    if not CHROMIUM.exists() and os.environ.get("CI") != "true":
        pytest.skip(f"no {CHROMIUM}")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield opened
        opened.close()


@pytest.mark.parametrize("width", [360, 1280])
def test_a_post_without_javascript(
    browser: Browser, service: Service, width: int
) -> None:
    """A typed post gets bars and marks without scripts, and nothing comes from elsewhere."""
    seen = Seen()
    with browser.new_context(
        java_script_enabled=False, viewport={"width": width, "height": 800}
    ) as context:
        page = context.new_page()
        page.set_default_timeout(WAIT_MS)
        seen.watch(page)
        page.goto(service.url)
        page.get_by_label("Bài đăng cần xem").fill("đồ ngu <b>nhập</b> OTP")
        page.get_by_role("button", name="Xem bài này").click()
        expect(page.get_by_role("heading", level=1)).to_have_text(
            "Nên có người kiểm duyệt xem"
        )

        marks = page.locator(".post mark").all_inner_texts()
        fills = [b.bounding_box() for b in page.locator(".fill").all()]
        body = page.locator("body").bounding_box()

    assert marks == ["ngu", "OTP"]
    assert [box is not None and box["width"] > width / 3 for box in fills] == [
        False, True, False, True, False,
    ]  # fmt: skip
    assert body is not None
    assert body["width"] <= width
    assert len(seen.urls) >= 4
    assert [u for u in seen.urls if not u.startswith(service.url)] == []
    assert seen.complaints == []


def test_the_page_does_not_scroll_sideways(browser: Browser, service: Service) -> None:
    """A word without an end does not push a narrow page apart."""
    with browser.new_context(viewport={"width": 360, "height": 800}) as context:
        page = context.new_page()
        page.set_default_timeout(WAIT_MS)
        page.goto(service.url)
        page.get_by_role("textbox").fill("ngu " + "a" * 2_000)
        page.get_by_role("button", name="Xem bài này").click()
        page.wait_for_selector(".verdict")
        width = page.evaluate("document.documentElement.scrollWidth")

    assert width == 360


def test_the_docs_come_from_here(browser: Browser, service: Service) -> None:
    """The description of the API is drawn under its strict policy, from our files alone."""
    seen = Seen()
    with browser.new_context() as context:
        page = context.new_page()
        page.set_default_timeout(WAIT_MS)
        seen.watch(page)
        page.goto(f"{service.url}/docs")
        page.get_by_text("/v1/score/batch").first.wait_for()
        page.get_by_text("Score many texts").first.wait_for()

    assert f"{service.url}/openapi.json" in seen.urls
    local = (service.url, "data:", "blob:")
    assert [u for u in seen.urls if not u.startswith(local)] == []
    assert [x for x in seen.complaints if "Content Security Policy" in x] == []
