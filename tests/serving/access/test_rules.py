"""Which key opens what: every route with every scope, and with every role."""

from collections import defaultdict
from typing import Any

import pytest
from fastapi.routing import iter_route_contexts

from serving.access.admission import OPEN
from serving.access.csrf import HEADER, check_csrf, check_origin, csrf_token
from serving.access.needs import Needs
from serving.access.scopes import CAPABILITIES, Role, Scope
from serving.access.signing_in import COOKIE, SIGN_IN, is_console
from serving.app import create_app
from serving.settings import Settings
from tests.serving.access.conftest import Locked

NOBODY, ANYBODY = "no key", "any key"
RULES: dict[str, str | set[Scope]] = {
    "/": Scope.SCORE,
    "/console": ANYBODY,
    "/console/sign-in": NOBODY,
    "/console/sign-out": ANYBODY,
    "/console/next": Scope.REVIEW,
    "/console/cases/{case_id}": Scope.REVIEW,
    "/console/cases/{case_id}/claim": Scope.REVIEW,
    "/console/cases/{case_id}/renew": Scope.REVIEW,
    "/console/cases/{case_id}/release": Scope.REVIEW,
    "/console/cases/{case_id}/skip": Scope.REVIEW,
    "/console/cases/{case_id}/escalate": Scope.REVIEW,
    "/console/cases/{case_id}/comments": Scope.REVIEW,
    "/console/cases/{case_id}/decide": Scope.REVIEW,
    "/console/decisions/{decision_id}/undo": Scope.REVIEW,
    "/console/decisions/{decision_id}/reverse": Scope.LEAD,
    "/console/lead": Scope.LEAD,
    "/console/report": {Scope.EXPORT, Scope.LEAD},
    "/console/appeals": Scope.LEAD,
    "/console/appeals/{appeal_id}": Scope.LEAD,
    "/console/appeals/{appeal_id}/answer": Scope.LEAD,
    "/console/settings": Scope.REVIEW,
    "/live": NOBODY,
    "/ready": NOBODY,
    "/metrics": Scope.METRICS,
    "/docs": ANYBODY,
    "/openapi.json": ANYBODY,
    "/static/{name}": NOBODY,
    "/v1/info": ANYBODY,
    "/v1/models": Scope.MODELS,
    "/v1/models/shadow": Scope.MODELS,
    "/v1/models/{name}:activate": Scope.MODELS,
    "/v1/models/{name}:rollback": Scope.MODELS,
    "/v1/posts": Scope.INGEST,
    "/v1/posts/{post_id}": Scope.POSTS,
    "/v1/cases": Scope.REVIEW,
    "/v1/cases/{case_id}": Scope.REVIEW,
    "/v1/cases/{case_id}/claim": Scope.REVIEW,
    "/v1/cases/{case_id}/comments": Scope.REVIEW,
    "/v1/cases/{case_id}/escalate": Scope.REVIEW,
    "/v1/cases/{case_id}/release": Scope.REVIEW,
    "/v1/cases/{case_id}/renew": Scope.REVIEW,
    "/v1/cases/{case_id}/skip": Scope.REVIEW,
    "/v1/cases/{case_id}/decisions": Scope.REVIEW,
    "/v1/decisions/{decision_id}": Scope.REVIEW,
    "/v1/decisions/{decision_id}/reverse": Scope.LEAD,
    "/v1/decisions/{decision_id}/undo": Scope.REVIEW,
    "POST /v1/appeals": Scope.APPEALS,
    "GET /v1/appeals": {Scope.APPEALS, Scope.LEAD},
    "/v1/appeals/{appeal_id}": {Scope.APPEALS, Scope.LEAD},
    "/v1/appeals/{appeal_id}/decision": Scope.LEAD,
    "/v1/goldens": Scope.LEAD,
    "/v1/goldens/{golden_id}/retire": Scope.LEAD,
    "/v1/stats/agreement": {Scope.EXPORT, Scope.LEAD},
    "/v1/stats/queues": Scope.LEAD,
    "/v1/policies": ANYBODY,
    "/v1/reviews:next": Scope.REVIEW,
    "/v1/audit": Scope.ADMIN,
    "/v1/exports/decisions": Scope.EXPORT,
    "/v1/exports/statements": Scope.EXPORT,
    "/v1/reports/transparency": {Scope.EXPORT, Scope.LEAD},
    "/v1/webhooks": Scope.ADMIN,
    "/v1/webhooks/deliveries": Scope.ADMIN,
    "/v1/webhooks/deliveries/{message_id}/resend": Scope.ADMIN,
    "/v1/webhooks/{webhook_id}/disable": Scope.ADMIN,
    "/v1/webhooks/{webhook_id}/enable": Scope.ADMIN,
    "/v1/webhooks/{webhook_id}/resend": Scope.ADMIN,
    "/v1/webhooks/{webhook_id}/rotate": Scope.ADMIN,
    "/v1/score": Scope.SCORE,
    "/v1/score/batch": Scope.SCORE,
    "/v1/score/stream": Scope.SCORE,
    "/v1/moderations": Scope.SCORE,
    "/v1alpha1/comments:analyze": Scope.SCORE,
    "/$discovery/rest": ANYBODY,
    "/v2": ANYBODY,
    "/v2/health/live": NOBODY,
    "/v2/health/ready": NOBODY,
    "/v2/models/{name}": ANYBODY,
    "/v2/models/{name}/infer": Scope.SCORE,
    "/v2/models/{name}/ready": ANYBODY,
    "/v2/models/{name}/versions/{version}": ANYBODY,
    "/v2/models/{name}/versions/{version}/infer": Scope.SCORE,
    "/v2/models/{name}/versions/{version}/ready": ANYBODY,
}
"""
What each address asks for; a new route needs its line here.

Of a set any scope will do. Where methods differ, the line has the method, too, such as
``"POST /v1/appeals"``. Those under ``/console`` are asked with a cookie.
"""

WITHOUT = "without"
HOLDERS: list[Any] = [WITHOUT, *Scope, *Role]


ROUTES: list[Any] = list(iter_route_contexts(create_app(Settings()).routes))
CELLS = [
    pytest.param(method, route.path, holder, id=f"{method} {route.path} {_id}")
    for route in ROUTES
    for method in sorted(route.methods)
    for holder in HOLDERS
    for _id in [f"{type(holder).__name__.lower()}-{holder}"]
]


def _rule(method: str, path: str) -> str | frozenset[Scope]:
    rule = RULES.get(f"{method} {path}", RULES.get(path))
    assert rule is not None, f"{method} {path} has no line in RULES"
    if isinstance(rule, Scope):
        return frozenset({rule})
    return rule if isinstance(rule, str) else frozenset(rule)


def _opens(holder: Any, rule: str | frozenset[Scope]) -> bool:
    if rule == NOBODY or holder == WITHOUT:
        return rule == NOBODY
    has = CAPABILITIES[holder] if isinstance(holder, Role) else {holder}
    return rule == ANYBODY or Scope.ADMIN in has or bool(has & set(rule))


def _calls(dependant: Any) -> set[Any]:
    return {x.call for x in dependant.dependencies}.union(
        *(_calls(x) for x in dependant.dependencies)
    )


def test_every_route_has_a_rule() -> None:
    """The table names each address, and none that is not there."""
    there = {(method, x.path) for x in ROUTES for method in x.methods}

    assert {path for _, path in there} | {f"{m} {p}" for m, p in there} >= set(RULES)
    assert all(_rule(*x) for x in there)


@pytest.mark.parametrize("route", ROUTES, ids=lambda x: f"{min(x.methods)} {x.path}")
def test_a_route_says_what_it_needs(route: Any) -> None:
    """What a route asks for in the code is what the table says, once."""
    calls = (x.call for x in route.dependant.dependencies)
    needs = [x.scopes or ANYBODY for x in calls if isinstance(x, Needs)]

    for method in route.methods:
        rule = _rule(method, route.path)
        assert needs == ([] if rule == NOBODY else [rule])
        is_open = route.path in OPEN or route.path.startswith("/static/")
        assert (rule == NOBODY) == is_open


@pytest.mark.parametrize("route", ROUTES, ids=lambda x: f"{min(x.methods)} {x.path}")
def test_a_form_of_the_console_is_its_own(route: Any) -> None:
    """Whatever changes something by a cookie makes sure who made the form."""
    if not is_console(route.path) or route.methods <= {"GET", "HEAD"}:
        return

    guard = check_origin if route.path == SIGN_IN else check_csrf
    assert guard in _calls(route.dependant)


@pytest.mark.parametrize(("method", "path", "holder"), CELLS)
def test_cell(locked: Locked, method: str, path: str, holder: Any) -> None:
    """A key opens what its scopes say, and what is refused is told why."""
    rule = _rule(method, path)
    names = defaultdict(lambda: "none_1", name="page.css", version="1")
    content: Any = {} if method in {"GET", "HEAD"} else {"json": {}}

    r = locked.client.request(
        method,
        path.format_map(names),
        headers=_headers(locked, path, holder),
        follow_redirects=False,
        **content,
    )

    if _opens(holder, rule):
        assert r.status_code not in {401, 403, 500}
        assert not r.headers.get("location", "").startswith(f"{SIGN_IN}?next=")
    elif holder == WITHOUT and is_console(path) and method in {"GET", "HEAD"}:
        assert r.status_code == 303
        assert r.headers["location"].startswith(f"{SIGN_IN}?next=/console")
    elif holder == WITHOUT:
        assert r.status_code == 401
        assert r.headers["www-authenticate"].startswith("Bearer ")
    else:
        assert r.status_code == 403
        assert is_console(path) or f"the scope {' or '.join(sorted(rule))}" in r.text
    assert r.headers["x-content-type-options"] == "nosniff"
    assert r.headers["cache-control"] in {"no-store", "no-cache"}


def _headers(locked: Locked, path: str, holder: Any) -> dict[str, str]:
    if holder == WITHOUT:
        return {}
    if not is_console(path):
        return locked.bearer(holder)
    cookie = locked.cookie(holder)
    return {"Cookie": f"{COOKIE}={cookie}", HEADER: csrf_token(cookie)}


@pytest.mark.parametrize("path", ["/v1/info", "/", "/v1/models", "/docs"])
def test_the_cookie_opens_the_console_alone(locked: Locked, path: str) -> None:
    """No site can use the API with the cookie of somebody who is signed in."""
    headers = _headers(locked, "/console", Scope.ADMIN)

    assert locked.client.get(path, headers=headers).status_code == 401


def test_a_key_opens_no_console(locked: Locked) -> None:
    """The console is for people who signed in, whatever key comes along."""
    headers = locked.bearer(Scope.ADMIN)

    r = locked.client.get("/console/x?y=1", headers=headers, follow_redirects=False)

    assert r.status_code == 303
    assert r.headers["location"] == f"{SIGN_IN}?next=/console/x%3Fy%3D1"


def test_a_route_that_forgot_its_rule_is_closed(locked: Locked) -> None:
    """Without a key nobody learns even what is not there."""
    without = locked.client.get("/v1/none")
    with_key = locked.client.get("/v1/none", headers=locked.bearer(Scope.POSTS))

    assert (without.status_code, with_key.status_code) == (401, 404)
