"""``kiemtin serve`` as a process: it starts, answers, refuses, and stops."""

import json
import signal
import socket
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.conftest import Service, Start

pytestmark = pytest.mark.timeout(180)


def post(url: str, body: object) -> dict[str, Any]:
    """Return the answer to *body*."""
    request = urllib.request.Request(  # noqa: S310 - our own service
        url, json.dumps(body).encode(), {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=60) as r:  # noqa: S310
        answer: dict[str, Any] = json.load(r)
        return answer


def test_it_starts_scores_and_stops(start: Start) -> None:
    """It says where to look, scores, logs no text, and ends quietly on SIGTERM."""
    service = start()
    service.wait_until_ready()

    answer = post(f"{service.url}/v1/score", {"text": "đồ ngu", "store": True})
    service.process.send_signal(signal.SIGTERM)
    status = service.process.wait(timeout=30)

    assert answer["flagged"]["abusive"] is True
    assert status == 0
    for path in ("/", "/v1/score", "/docs", "/ready"):
        assert f"{service.url}{path}\n" in service.out
    lines = [json.loads(x) for x in service.err.splitlines()]
    (line,) = (x for x in lines if x.get("route") == "/v1/score")
    assert line["status"] == 200
    assert "ngu" not in service.err
    assert (service.folder / "kiemtin.db").is_file()


def test_ctrl_c_ends_it_quietly(start: Start) -> None:
    """An interrupt is no error to talk about."""
    service = start()
    service.wait_until_ready()

    service.process.send_signal(signal.SIGINT)

    assert service.process.wait(timeout=30) in {0, 130}
    assert "Traceback" not in service.err


def test_a_port_in_use(start: Start, service: Service) -> None:
    """A second service on the port ends with a line that says what to do."""
    second = start(port=service.port)

    assert second.process.wait(timeout=60) == 2
    assert second.err.startswith("kiemtin: port_in_use: ")
    assert "PORT=" in second.err
    assert len(second.err.splitlines()) == 1
    assert service.process.poll() is None


def test_a_port_that_listens_for_nobody_yet(start: Start) -> None:
    """The port is held by any process, not only by one of ours."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        other = start(port=taken.getsockname()[1])

        assert other.process.wait(timeout=60) == 2

    assert "port_in_use" in other.err


@pytest.mark.parametrize(
    ("cwd", "url"),
    [
        (Path("/proc"), "sqlite:///kiemtin.db"),
        (None, "sqlite:////dev/null/kiemtin.db"),
        (None, "postgresql://nobody@127.0.0.1:1/none"),
    ],
    ids=["read-only directory", "no directory", "no server"],
)
def test_a_database_that_cannot_be_written(
    start: Start, cwd: Path | None, url: str
) -> None:
    """Where nothing can be written, it ends and names the setting that helps."""
    service = start(cwd=cwd, KIEMTIN_DATABASE_URL=url)

    assert service.process.wait(timeout=60) == 2
    assert service.err.startswith("kiemtin: database_unavailable: ")
    assert "KIEMTIN_DATABASE_URL" in service.err
    assert len(service.err.splitlines()) == 1


def test_a_setting_that_cannot_be_used(start: Start) -> None:
    """A wrong variable is named in one line, before anything is loaded."""
    service = start(KIEMTIN_THREADS="many")

    assert service.process.wait(timeout=60) == 2
    assert service.err.startswith("kiemtin: invalid_setting: KIEMTIN_THREADS: ")
    assert len(service.err.splitlines()) == 1


def test_a_bundle_that_is_refused(start: Start, tmp_path: Path) -> None:
    """It starts all the same, says what is wrong, and scores nothing."""
    service = start(KIEMTIN_BUNDLE=str(tmp_path))
    service.wait_until_ready("/live")

    with pytest.raises(urllib.error.HTTPError) as e:
        urllib.request.urlopen(f"{service.url}/ready", timeout=60)  # noqa: S310

    assert e.value.code == 503
    assert json.load(e.value)["code"] == "bundle_missing"
    e.value.close()
    assert "kiemtin: bundle_missing: " in service.err
