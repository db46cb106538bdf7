"""The way into the console, and out."""

import pytest
from fastapi.testclient import TestClient

from serving.access.scopes import Role
from serving.access.signing_in import COOKIE
from tests.serving.console.conftest import Desk, Visitor

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


def test_the_way_in_leads_to_what_was_wanted(desk: Desk) -> None:
    """Who asks for a page signs in first, and has that page then."""
    visitor = Visitor(desk.client)
    wanted = visitor.get("/console/settings")
    form = visitor.page(wanted.headers["location"])

    r = visitor.send(form, "/console/sign-in", key=desk.key("vao"))

    assert wanted.status_code == 303
    assert r.headers["location"] == "/console/settings"
    assert "HttpOnly" in r.headers["set-cookie"]
    assert "SameSite=strict" in r.headers["set-cookie"]


def test_a_wrong_key_is_said_at_the_field(desk: Desk) -> None:
    """A key that is none opens nothing, and is not sent back."""
    visitor = Visitor(desk.client)
    form = visitor.page("/console/sign-in")

    soup = visitor.submit(form, "/console/sign-in", key="kt_no")

    (alert,), (field,) = soup.select('[role="alert"]'), soup.select("#key")
    assert "Khoá không đúng" in alert.text
    assert "error" in str(field["aria-describedby"])
    assert not field.get("value")
    assert visitor.sent[-1].status_code == 422
    assert COOKIE not in visitor.sent[-1].headers.get("set-cookie", "")


@pytest.mark.parametrize("next_", ["//evil.example", "https://evil.example", "/docs"])
def test_nobody_is_led_elsewhere(desk: Desk, next_: str) -> None:
    """After signing in one is in the console, whatever the address said."""
    visitor = Visitor(desk.client)
    form = visitor.page(f"/console/sign-in?next={next_}")

    r = visitor.send(form, "/console/sign-in", key=desk.key(f"to-{next_}"))

    assert r.headers["location"] == "/console"


def test_who_signed_out_is_out(desk: Desk) -> None:
    """The cookie opens nothing any more."""
    visitor = desk.visit("ra")
    soup = visitor.submit(visitor.page("/console"), "/console/sign-out")

    r = visitor.get("/console")

    assert "Bạn đã đăng xuất" in soup.text
    assert r.headers["location"].startswith("/console/sign-in")


def test_pages_are_strict(desk: Desk) -> None:
    """No page loads or does anything that is not ours, nor is kept by anybody."""
    visitor = desk.visit("nghiem")

    for path in ("/console", "/console/sign-in", "/console/cases/case_none"):
        r = visitor.get(path)
        assert r.headers["content-security-policy"] == CSP
        assert r.headers["cache-control"] == "no-store"
        assert "style=" not in r.text
        assert "<script>" not in r.text


def test_the_language_is_remembered(desk: Desk) -> None:
    """Who asks for English once gets it from then on, and can go back."""
    visitor = desk.visit("ngon")

    r = visitor.get("/console?lang=en")
    cookie = r.cookies["kiemtin_language"]
    both = f"{COOKIE}={visitor.cookie}; kiemtin_language={cookie}"
    later = visitor.get("/console", Cookie=both)

    assert 'lang="en"' in later.text
    assert 'href="/console?lang=vi"' in later.text
    assert 'lang="vi"' in visitor.get("/console").text


@pytest.mark.parametrize(
    ("role", "links"),
    [
        (Role.REVIEWER, ["/console", "/console/settings"]),
        (
            Role.LEAD,
            [
                "/console",
                "/console/lead",
                "/console/appeals",
                "/console/report",
                "/console/settings",
            ],
        ),
        (Role.SCIENTIST, ["/console/report"]),
        (Role.CLIENT, []),
    ],
)
def test_links_are_for_who_may(desk: Desk, role: Role, links: list[str]) -> None:
    """Nobody is shown the way to a page that they may not see."""
    visitor = desk.visit(f"role-{role}", role)

    shown = [str(a["href"]) for a in visitor.page("/console").select("nav a")]

    assert shown == links


@pytest.mark.parametrize(
    "path", ["/console/lead", "/console/appeals", "/console/report"]
)
def test_the_rule_is_not_in_the_page(desk: Desk, path: str) -> None:
    """Who knows an address that is not for them is refused all the same."""
    visitor = desk.visit(f"knows-{path}")

    r = visitor.get(path)

    assert r.status_code == 403
    assert "không mở trang này" in r.text


def test_a_console_always_asks_for_a_key(client: TestClient) -> None:
    """Also where everybody may use the API: decisions are of somebody."""
    r = client.get("/console", follow_redirects=False)

    assert r.status_code == 303
    assert r.headers["location"] == "/console/sign-in?next=/console"
