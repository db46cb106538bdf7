"""Webhooks over HTTP, with a receiver that verifies what comes."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from standardwebhooks.webhooks import Webhook

from serving.app import create_app
from serving.db import Database
from serving.review.announcing import announce
from serving.settings import Settings
from tests.fixtures.receiver import Receiver

EVENTS = ["decision.made", "appeal.answered"]


@pytest.fixture(scope="module")
def told(
    bundle: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[TestClient]:
    """A client of a service that may tell this machine."""
    url = f"sqlite:///{tmp_path_factory.mktemp('told') / 'kiemtin.db'}"
    settings = Settings(
        bundle=bundle, database_url=url, workers=1, webhook_hosts=("127.0.0.1",)
    )
    with TestClient(create_app(settings)) as c:
        yield c


@pytest.fixture
def hook(told: TestClient, receiver: Receiver) -> Iterator[dict[str, Any]]:
    """An address that is told, until the end of the test."""
    made = told.post("/v1/webhooks", json={"url": receiver.url, "events": EVENTS})
    assert made.status_code == 201, made.text
    yield made.json()
    told.post(f"/v1/webhooks/{made.json()['id']}/disable")


def _announce(told: TestClient) -> None:
    database: Database = told.app.state.database  # type: ignore[attr-defined] # of Starlette
    with database.work("system") as work:
        announce(work, "decision.made", {"decision_id": "dec_1"})
        work.commit()


def _wait(receiver: Receiver, n: int) -> None:
    for _ in range(500):
        if len(receiver.received) >= n:
            return
        time.sleep(0.02)
    raise TimeoutError


def _deliveries(told: TestClient, hook: dict[str, Any], **query: str) -> list[Any]:
    r = told.get("/v1/webhooks/deliveries", params=query)
    assert r.status_code == 200
    return [x for x in r.json()["deliveries"] if x["webhook_id"] == hook["id"]]


def test_a_service_tells(
    told: TestClient, hook: dict[str, Any], receiver: Receiver
) -> None:
    """What was committed is told within a moment, signed by the secret of the answer."""
    _announce(told)
    _wait(receiver, 1)

    (got,) = receiver.received
    said = Webhook(hook["secret"]).verify(got.body, got.headers)
    assert said["data"] == {"decision_id": "dec_1"}


def test_the_secret_is_shown_once(told: TestClient, hook: dict[str, Any]) -> None:
    """Lists have all there is to know of an address, but the secret."""
    r = told.get("/v1/webhooks")

    (shown,) = [x for x in r.json()["webhooks"] if x["id"] == hook["id"]]
    assert shown == {k: v for k, v in hook.items() if k != "secret"}
    assert hook["events"] == EVENTS
    assert "whsec_" not in r.text


def test_a_secret_is_exchanged(
    told: TestClient, hook: dict[str, Any], receiver: Receiver
) -> None:
    """After a rotation both secrets are good for a day; a third ends the first."""
    new = told.post(f"/v1/webhooks/{hook['id']}/rotate").json()["secret"]
    _announce(told)
    _wait(receiver, 1)
    newest = told.post(f"/v1/webhooks/{hook['id']}/rotate").json()["secret"]
    _announce(told)
    _wait(receiver, 2)

    first, second = receiver.received
    for got, secrets in ((first, [hook["secret"], new]), (second, [new, newest])):
        assert got.headers["webhook-signature"].count("v1,") == 2
        for secret in secrets:
            assert Webhook(secret).verify(got.body, got.headers)


def test_a_message_is_sent_again(
    told: TestClient, hook: dict[str, Any], receiver: Receiver
) -> None:
    """Whatever became of a message, it can be sent again, by the same id."""
    _announce(told)
    _wait(receiver, 1)
    (message,) = _deliveries(told, hook)

    for _ in range(100):
        r = told.post(f"/v1/webhooks/deliveries/{message['id']}/resend")
        if len(receiver.received) > 1:
            break
        time.sleep(0.02)

    assert r.status_code == 200
    assert {x.headers["webhook-id"] for x in receiver.received} == {message["id"]}


def test_dead_messages_are_listed_and_sent_again(
    told: TestClient, hook: dict[str, Any], receiver: Receiver
) -> None:
    """After an outage all that died is found by its state, and sent in one go."""
    told.post(f"/v1/webhooks/{hook['id']}/disable")
    told.post(f"/v1/webhooks/{hook['id']}/enable")
    receiver.statuses = [410]
    _announce(told)
    _wait(receiver, 1)
    _until_disabled(told, hook)

    (dead,) = _deliveries(told, hook, state="dead")
    refused = told.post(f"/v1/webhooks/deliveries/{dead['id']}/resend")
    told.post(f"/v1/webhooks/{hook['id']}/enable")
    resent = told.post(f"/v1/webhooks/{hook['id']}/resend").json()
    _wait(receiver, 2)

    assert (dead["last_status"], dead["next_at"]) == (410, None)
    assert (refused.status_code, refused.json()["code"]) == (409, "endpoint_disabled")
    assert resent == {"n_resent": 1}
    assert {x.headers["webhook-id"] for x in receiver.received} == {dead["id"]}


def _until_disabled(told: TestClient, hook: dict[str, Any]) -> None:
    for _ in range(500):
        shown = told.get("/v1/webhooks").json()["webhooks"]
        if any(x["id"] == hook["id"] and x["disabled_at"] for x in shown):
            return
        time.sleep(0.02)
    raise TimeoutError


def test_pages(told: TestClient, hook: dict[str, Any]) -> None:
    """A list is read to its end by cursors, each message once."""
    for _ in range(5):
        _announce(told)
    whole = told.get("/v1/webhooks/deliveries", params={"limit": 100}).json()
    seen: list[str] = []
    cursor = None
    while True:
        query = {"limit": "2"} | ({"cursor": cursor} if cursor else {})
        page = told.get("/v1/webhooks/deliveries", params=query).json()
        seen += [x["id"] for x in page["deliveries"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break

    assert whole["next_cursor"] is None
    assert seen == [x["id"] for x in whole["deliveries"]]
    assert len(seen) >= 5


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("https://10.0.0.1/", "private network"),
        ("https://localhost/", "private network"),
        ("http://hooks.example/", "only https"),
        ("https://user@hooks.example/", "user"),
        ("not an address", "https://"),
    ],
)
def test_an_address_that_nothing_may_be_sent_to(
    told: TestClient, url: str, says: str
) -> None:
    """It is refused when it is added, with the reason."""
    r = told.post("/v1/webhooks", json={"url": url, "events": EVENTS})

    assert (r.status_code, r.json()["code"]) == (422, "webhook_address")
    assert says in r.json()["detail"]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"url": "https://hooks.example/"},
        {"url": "https://hooks.example/", "events": []},
        {"url": "https://hooks.example/", "events": ["decision.undone"]},
        {"url": "", "events": EVENTS},
        {"url": "https://hooks.example/" + "a" * 2048, "events": EVENTS},
        {"url": "https://hooks.example/", "events": EVENTS, "secret": "mine"},
    ],
)
def test_a_body_that_is_not_taken(told: TestClient, body: dict[str, Any]) -> None:
    """What is missing, or not known, is said."""
    r = told.post("/v1/webhooks", json=body)

    assert (r.status_code, r.json()["code"] == "webhook_address") == (422, False)


@pytest.mark.parametrize("act", ["rotate", "disable", "enable", "resend"])
@pytest.mark.parametrize("who", ["whk_0", "%00", "deliveries/msg_0"])
def test_nothing_is_there(told: TestClient, who: str, act: str) -> None:
    """An id that was never given is not found."""
    assert told.post(f"/v1/webhooks/{who}/{act}").status_code == 404


@pytest.mark.parametrize("query", ["state=lost", "cursor=x", "limit=0", "limit=101"])
def test_a_query_that_is_not_taken(told: TestClient, query: str) -> None:
    """A state or a cursor that was made up is refused."""
    assert told.get(f"/v1/webhooks/deliveries?{query}").status_code == 422


def test_what_was_done_is_noted(told: TestClient, hook: dict[str, Any]) -> None:
    """The audit log has who did what to an address, and no secret."""
    for act in ("rotate", "disable", "disable", "enable"):
        told.post(f"/v1/webhooks/{hook['id']}/{act}")

    r = told.get("/v1/audit", params={"subject": hook["id"]})

    acts = [x["action"] for x in r.json()["entries"]]
    assert acts == ["webhook.enable", "webhook.disable", "webhook.rotate", "webhook.create"]  # fmt: skip
    assert {x["actor"] for x in r.json()["entries"]} == {"rev_anonymous"}
    assert "whsec_" not in r.text
    assert "127.0.0.1" not in r.text


def test_the_audit_log_in_pages(told: TestClient, hook: dict[str, Any]) -> None:
    """It is read from the newest act to the first, each once."""
    seen: list[int] = []
    cursor = None
    while cursor is not None or not seen:
        query = {"limit": "3"} | ({"cursor": cursor} if cursor else {})
        page = told.get("/v1/audit", params=query).json()
        seen += [x["position"] for x in page["entries"]]
        cursor = page["next_cursor"]

    assert seen == list(range(seen[0], 0, -1))


@pytest.mark.parametrize("query", ["cursor=x", "subject=%00", "limit=0"])
def test_an_audit_query_that_is_not_taken(told: TestClient, query: str) -> None:
    """What was made up is refused."""
    assert told.get(f"/v1/audit?{query}").status_code == 422
