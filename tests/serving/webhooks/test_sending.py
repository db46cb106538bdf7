"""A message is sent once; a bad receiver costs bounded time and room."""

import asyncio
import json
import ssl
import subprocess
import time
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest
from standardwebhooks.webhooks import Webhook

from serving.db import Delivery, Endpoint, SigningSecret, Try
from serving.webhooks.guard import Guard
from serving.webhooks.sending import Sender
from serving.webhooks.signing import make_secret, sign
from tests.fixtures.receiver import Receiver, receiving
from tests.fixtures.watched import START

HERE = ("127.0.0.1",)
DELIVERY = Delivery(
    id="msg_1",
    endpoint_id="whk_1",
    event="decision.made",
    payload={"outcome": "gỡ", "n_posts": 2},
    state="waiting",
    n_tries=1,
    next_at=START,
    created_at=START,
    ended_at=None,
    last_status=None,
    last_error=None,
)


def _endpoint(url: str, *secrets: SigningSecret) -> Endpoint:
    return Endpoint(
        id="whk_1",
        url=url,
        events=("decision.made",),
        secrets=secrets or (SigningSecret(make_secret()),),
        created_at=START,
        disabled_at=None,
    )


def _send(endpoint: Endpoint, guard: Guard | None = None, **more: object) -> Try:
    async def send() -> Try:
        sender = Sender(guard or Guard(HERE), **more)  # type: ignore[arg-type] # passed on
        try:
            return await sender.send(DELIVERY, endpoint)
        finally:
            await sender.close()

    return asyncio.run(send())


def test_what_comes(receiver: Receiver) -> None:
    """A receiver gets JSON that the library of Standard Webhooks verifies."""
    endpoint = _endpoint(receiver.url)

    result = _send(endpoint)

    (got,) = receiver.received
    assert result == Try(204, None)
    assert got.path == "/hook?a=1"
    assert got.headers["Host"] == f"127.0.0.1:{receiver.port}"
    assert got.headers["Content-Type"] == "application/json"
    assert got.headers["webhook-id"] == "msg_1"
    assert Webhook(endpoint.secrets[0].value).verify(got.body, got.headers)
    assert json.loads(got.body) == {
        "type": "decision.made",
        "timestamp": "2026-11-23T00:00:00Z",
        "data": {"outcome": "gỡ", "n_posts": 2},
    }


def test_an_old_secret_signs_until_it_ends(receiver: Receiver) -> None:
    """During a rotation both sign; afterwards the new one alone."""
    old = SigningSecret(make_secret(), START + timedelta(hours=24))
    endpoint = _endpoint(receiver.url, SigningSecret(make_secret()), old)

    for hours in (23, 24):
        at_s = (START + timedelta(hours=hours)).timestamp()
        _send(endpoint, clock=lambda at_s=at_s: at_s)

    before, after = (x.headers["webhook-signature"] for x in receiver.received)
    assert before.count("v1,") == 2
    at_s = int(old.ends_at.timestamp()) if old.ends_at else 0
    assert after == sign(
        endpoint.secrets[0].value, "msg_1", at_s, receiver.received[1].body
    )


@pytest.mark.parametrize("status", [300, 400, 404, 410, 429, 500, 503])
def test_a_receiver_that_refuses(receiver: Receiver, status: int) -> None:
    """Only a status of 2xx is a delivery."""
    receiver.statuses = [status]

    assert _send(_endpoint(receiver.url)) == Try(status, "answer")


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirects_are_not_followed(receiver: Receiver, status: int) -> None:
    """An address that passed cannot lead to one that would not."""
    with receiving() as inside:
        receiver.statuses, receiver.location = [status], inside.url

        result = _send(_endpoint(receiver.url))

    assert result == Try(status, "answer")
    assert inside.received == []


@pytest.mark.parametrize("manner", ["silent", "drip"])
def test_a_receiver_that_takes_its_time(receiver: Receiver, manner: str) -> None:
    """Who says nothing, or a byte now and then, is left after the time of a try."""
    receiver.manner = manner
    began = time.monotonic()

    result = _send(_endpoint(receiver.url), total_s=0.5)

    assert result == Try(None, "timeout")
    assert time.monotonic() - began < 3


def test_an_answer_without_an_end(receiver: Receiver) -> None:
    """Of an answer only the status is read."""
    receiver.manner = "endless"
    began = time.monotonic()

    assert _send(_endpoint(receiver.url)) == Try(200, None)
    assert time.monotonic() - began < 3


def test_what_is_no_answer(receiver: Receiver) -> None:
    """Another protocol is no delivery."""
    receiver.manner = "noise"

    assert _send(_endpoint(receiver.url)) == Try(None, "answer")


def test_nobody_listens() -> None:
    """A closed port is said to be one."""
    with receiving() as gone:
        url = gone.url

    assert _send(_endpoint(url)) == Try(None, "connection")


def test_proxies_of_the_environment_are_not_asked(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A proxy would connect wherever it likes: the check would be worth nothing."""
    with receiving() as proxy:
        for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
        result = _send(_endpoint(receiver.url))

    assert result == Try(204, None)
    assert (len(receiver.received), proxy.received) == (1, [])


def test_an_address_is_looked_at_again(receiver: Receiver) -> None:
    """A name that led to the open Internet when it was added, and inside later, fails."""
    guard = Guard(resolve=lambda host, port: ["127.0.0.1"])

    result = _send(_endpoint(f"https://hooks.example:{receiver.port}/"), guard)

    assert result == Try(None, "address")
    assert receiver.received == []


def test_a_name_is_resolved_once(certificate: Path) -> None:
    """The connection goes where the check looked, whatever the name means by then."""
    asked: list[str] = []

    def rebinding(host: str, port: int) -> Sequence[str]:
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["192.0.2.1"]

    with receiving(_server_context(certificate)) as r:
        guard = Guard(["hooks.example"], resolve=rebinding)
        url = f"https://hooks.example:{r.port}/hook"
        trusting = ssl.create_default_context(cafile=certificate / "cert.pem")
        result = _send(_endpoint(url), guard, ssl_context=trusting)

    assert result == Try(204, None)
    assert asked == ["hooks.example"]
    assert r.received[0].headers["Host"] == f"hooks.example:{r.port}"


def test_a_certificate_of_another_name(certificate: Path) -> None:
    """The certificate must be that of the name, though we connect to an address."""
    with receiving(_server_context(certificate)) as r:
        guard = Guard(["other.example"], resolve=lambda host, port: ["127.0.0.1"])
        trusting = ssl.create_default_context(cafile=certificate / "cert.pem")
        endpoint = _endpoint(f"https://other.example:{r.port}/")
        result = _send(endpoint, guard, ssl_context=trusting)

    assert result == Try(None, "tls")
    assert r.received == []


def test_a_certificate_that_nobody_vouches_for(certificate: Path) -> None:
    """Without trust in who made the certificate nothing is sent."""
    with receiving(_server_context(certificate)) as r:
        guard = Guard(["hooks.example"], resolve=lambda host, port: ["127.0.0.1"])
        result = _send(_endpoint(f"https://hooks.example:{r.port}/"), guard)

    assert result == Try(None, "tls")


def test_another_address_is_tried(receiver: Receiver) -> None:
    """Where the first address of a name does not answer, the next one is asked."""
    guard = Guard(["two.example"], resolve=lambda h, p: ["127.0.0.2", "127.0.0.1"])

    assert _send(_endpoint(f"http://two.example:{receiver.port}/"), guard).status == 204


def test_a_resolver_that_hangs() -> None:
    """A name server that keeps silent takes no more than the time of a try."""

    def hang(host: str, port: int) -> list[str]:
        time.sleep(1)
        return []

    began = time.monotonic()
    endpoint = _endpoint("https://hooks.example/")

    assert _send(endpoint, Guard(resolve=hang), total_s=0.2) == Try(None, "timeout")
    assert time.monotonic() - began < 5


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a certificate for hooks.example."""
    folder = tmp_path_factory.mktemp("certificate")
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
         "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
         "-keyout", folder / "key.pem", "-out", folder / "cert.pem",
         "-subj", "/CN=hooks.example", "-addext", "subjectAltName=DNS:hooks.example"],
        check=True, capture_output=True,
    )  # fmt: skip
    return folder


def _server_context(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate / "cert.pem", certificate / "key.pem")
    return context
