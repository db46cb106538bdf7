"""A review console in a real Chromium, over each kind of database."""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from serving.access.scopes import Role
from serving.db import Cases, Database
from tests.e2e.conftest import Service, Start
from tests.fixtures.console_desk import Laid, lay
from tests.fixtures.databases import postgres_database

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
WAIT_MS = 30_000
_UNKNOWN_S = 0.15
_EXPECTED = "the server responded with a status of 4"
"""A page that says what is wrong comes with such a status, which the browser tells."""


@dataclass
class Tab:
    """
    A tab of somebody who signed in.

    Attributes:
        complaints: What the browser complained about, the CSP among it.
    """

    page: Page
    url: str
    complaints: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Listen from the beginning."""
        self.page.set_default_timeout(WAIT_MS)
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda e: self.complaints.append(str(e)))
        self.page.on("request", self._see)

    def go(self, path: str) -> Page:
        """Open a page of the service."""
        self.page.goto(f"{self.url}{path}")
        return self.page

    def press(self, *keys: str) -> None:
        """Press keys, one after the other."""
        for key in keys:
            self.page.keyboard.press(key)

    def _hear(self, message: object) -> None:
        kind, text = getattr(message, "type", ""), getattr(message, "text", "")
        if kind in {"error", "warning"} and _EXPECTED not in text:
            self.complaints.append(text)

    def _see(self, request: object) -> None:
        address = getattr(request, "url", "")
        if not address.startswith(self.url):
            self.complaints.append(f"asked for {address}")


@dataclass
class Desk:
    """A service with work on its desk."""

    laid: Laid
    service: Service
    browser: Browser
    stack: ExitStack

    def sign_in(
        self,
        name: str,
        role: Role = Role.REVIEWER,
        *,
        lang: str = "vi",
        width: int = 1280,
        scheme: str = "light",
        javascript: bool = True,
    ) -> Tab:
        """Let somebody come in at the door, in a browser of their own."""
        context = self.browser.new_context(
            viewport={"width": width, "height": 900},
            color_scheme=scheme,  # type: ignore[arg-type]
            java_script_enabled=javascript,
            timezone_id="Asia/Ho_Chi_Minh",
        )
        self.stack.callback(context.close)
        tab = Tab(context.new_page(), self.service.url)
        key = self.laid.key(name, role)
        time.sleep(_UNKNOWN_S)
        page = tab.go(f"/console?lang={lang}")
        page.fill("#key", key)
        page.press("#key", "Enter")
        page.wait_for_selector("nav")
        return tab

    def free(self, name: str) -> str:
        """Take a case from whoever has it, and return where it is shown."""
        with self.laid.database.work("system") as work:
            cases = Cases(work.session)
            case = cases.lock(self.laid.cases[name])
            cases.change(case, holder=None, lease_ends_at=None)
            work.commit()
        return f"/console/cases/{case.id}"

    def take(self, tab: Tab, name: str) -> Page:
        """Let somebody take the case of this name."""
        page = tab.go(self.free(name))
        page.click(".col-decide .primary")
        page.wait_for_selector("#decide")
        return page


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium, or a skip that names it; in CI it must be there."""
    if not CHROMIUM.exists() and os.environ.get("CI") != "true":
        pytest.skip(f"no {CHROMIUM}")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield opened
        opened.close()


MakeDesk = Callable[[str], Desk]


@pytest.fixture(scope="module")
def make_desk(
    bundle: Path,
    start: Start,
    browser: Browser,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[MakeDesk]:
    """Make one service for each kind of database; the browser ends with the module."""
    made: dict[str, Desk] = {}
    with ExitStack() as stack:

        def make(kind: str) -> Desk:
            if kind not in made:
                folder = tmp_path_factory.mktemp("desk")
                url = f"sqlite:///{folder / 'kiemtin.db'}"
                if kind == "postgresql":
                    url = stack.enter_context(postgres_database())
                database = stack.enter_context(closing(Database(url)))
                laid = lay(database, url, bundle, folder)
                service = start(**laid.env)
                service.wait_until_ready()
                made[kind] = Desk(laid, service, browser, ExitStack())
                stack.callback(service.process.kill)
            return made[kind]

        yield make


@pytest.fixture(params=["sqlite", "postgresql"])
def desk(request: pytest.FixtureRequest, make_desk: MakeDesk) -> Iterator[Desk]:
    """A console with work on it; what is opened is closed after the test."""
    made = make_desk(request.param)
    with ExitStack() as stack:
        made.stack = stack
        yield made


@pytest.fixture
def one_desk(make_desk: MakeDesk) -> Iterator[Desk]:
    """The same over SQLite alone, for what no database can change."""
    made = make_desk("sqlite")
    with ExitStack() as stack:
        made.stack = stack
        yield made
