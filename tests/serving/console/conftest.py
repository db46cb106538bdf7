"""People who use the console without a browser: they follow links and fill in forms."""

import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag
from fastapi.testclient import TestClient
from httpx2 import Response

from serving.access.scopes import Role
from serving.access.signing_in import COOKIE
from serving.app import create_app
from serving.db import Cases, Database
from serving.settings import Settings
from tests.fixtures.console_desk import KEYED_WITH, Laid, lay

UNKNOWN_S = 0.15
"""A key that was made since the service looked last is found after so long."""


@dataclass
class Visitor:
    """Somebody at the console, with a browser that has no scripts."""

    client: TestClient
    cookie: str = ""
    sent: list[Response] = field(default_factory=list)

    def get(self, path: str, **headers: str) -> Response:
        """Ask for a page, and follow no redirect."""
        return self._ask("GET", path, headers)

    def post(self, path: str, data: dict[str, Any], **headers: str) -> Response:
        """Send a form, and follow no redirect."""
        return self._ask("POST", path, headers, data=data)

    def page(self, path: str) -> BeautifulSoup:
        """Return a page after all redirects."""
        return self._follow(self.get(path))

    def submit(
        self, soup: BeautifulSoup, action: str, **fields: str | list[str]
    ) -> BeautifulSoup:
        """Fill in the form that is sent to *action*, send it, and return what comes."""
        return self._follow(self.send(soup, action, **fields))

    def send(
        self, soup: BeautifulSoup, action: str, **fields: str | list[str]
    ) -> Response:
        """Do the same, and return the very answer."""
        (form,) = soup.select(f'form[action$="{action}"]')
        return self.post(str(form["action"]), filled_by_default(form) | fields)

    def token(self, soup: BeautifulSoup) -> dict[str, str]:
        """Return what a form of *soup* proves its origin by."""
        return {"csrf": str(soup.select('[name="csrf"]')[0]["value"])}

    def _follow(self, r: Response) -> BeautifulSoup:
        while r.status_code == 303:
            r = self.get(r.headers["location"])
        return BeautifulSoup(r.text, "html.parser")

    def _ask(
        self, method: str, path: str, headers: dict[str, str], **content: Any
    ) -> Response:
        if self.cookie:
            headers = {"Cookie": f"{COOKIE}={self.cookie}", **headers}
        r = self.client.request(
            method, path, headers=headers, follow_redirects=False, **content
        )
        self.client.cookies.clear()
        self.sent.append(r)
        return r


def filled_by_default(form: Tag) -> dict[str, Any]:
    """Return what a form sends that nobody touched."""
    found: dict[str, Any] = {}
    for x in form.select("input[name], textarea[name]"):
        kind = x.get("type", "textarea")
        if kind in {"radio", "checkbox"} and not x.has_attr("checked"):
            continue
        value = str(x.get("value", x.text.removeprefix("\n")))
        name = str(x["name"])
        if kind == "checkbox":
            found.setdefault(name, []).append(value)
        else:
            found[name] = value
    return found


@dataclass
class Desk:
    """A service with work on its desk, and people who come to it."""

    laid: Laid
    client: TestClient

    def visit(
        self, name: str, role: Role = Role.REVIEWER, queues: list[str] | None = None
    ) -> Visitor:
        """Let somebody sign in."""
        visitor = Visitor(self.client)
        key = self.key(name, role, queues)
        r = visitor.post("/console/sign-in", {"key": key})
        assert r.status_code == 303, r.text
        visitor.cookie = r.cookies[COOKIE]
        return visitor

    def key(
        self, name: str, role: Role = Role.REVIEWER, queues: list[str] | None = None
    ) -> str:
        """Return a new key, which the service knows by now."""
        key = self.laid.key(name, role, queues)
        time.sleep(UNKNOWN_S)
        return key

    def take(self, visitor: Visitor, name: str) -> BeautifulSoup:
        """Let *visitor* take the case of this name from whoever has it."""
        with self.laid.database.work("system") as work:
            cases = Cases(work.session)
            case = cases.lock(self.laid.cases[name])
            cases.change(case, holder=None, lease_ends_at=None)
            work.commit()
        path = f"/console/cases/{self.laid.cases[name]}"
        return visitor.submit(visitor.page(path), "/claim")


@pytest.fixture(scope="session")
def desk(bundle: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """One service for all tests; each takes another case, or puts it back."""
    folder = tmp_path_factory.mktemp("desk")
    url = f"sqlite:///{folder / 'kiemtin.db'}"
    with closing(Database(url)) as database:
        laid = lay(database, url, bundle, folder)
        settings = Settings(
            bundle=bundle,
            database_url=url,
            review_policy=laid.policy_path,
            secret=KEYED_WITH,
            workers=1,
        )
        with TestClient(create_app(settings)) as client:
            yield Desk(laid, client)
