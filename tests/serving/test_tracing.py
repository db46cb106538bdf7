"""Requests are spans, for who wants them, and say nothing of a text."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
)
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import StatusCode
from structlog.testing import capture_logs

from serving.app import create_app
from serving.settings import Settings
from serving.tracing import Traced

PRIVATE = "bí mật"
TRACE, CALLER = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"


@pytest.fixture(scope="module")
def traced(
    bundle: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[TestClient, InMemorySpanExporter]]:
    """A client of a service with spans, and where they go."""
    spans = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(spans))
    database = tmp_path_factory.mktemp("traced") / "db"
    app = create_app(Settings(bundle=bundle, database_url=f"sqlite:///{database}"))
    with TestClient(Traced(app, provider.get_tracer("test"))) as c:
        yield c, spans


@pytest.fixture
def client(traced: tuple[TestClient, InMemorySpanExporter]) -> TestClient:
    """The client, with no span made yet."""
    traced[1].clear()
    return traced[0]


@pytest.fixture
def spans(traced: tuple[TestClient, InMemorySpanExporter]) -> InMemorySpanExporter:
    """Where its spans go."""
    return traced[1]


def only(spans: InMemorySpanExporter) -> ReadableSpan:
    """Return the one span that was made."""
    (span,) = spans.get_finished_spans()
    return span


def trace_of(span: ReadableSpan) -> str:
    """Return the id of the trace that *span* is in."""
    assert span.context
    return f"{span.context.trace_id:032x}"


def test_a_request_is_a_span(client: TestClient, spans: InMemorySpanExporter) -> None:
    """A span has the route for a name, and the figures of the request's log line."""
    with capture_logs() as lines:
        client.post("/v1/score/batch", json={"items": [{"text": "a"}, {"text": "b"}]})

    span = only(spans)
    (line,) = (x for x in lines if x["event"] == "request")
    assert span.name == "POST /v1/score/batch"
    assert dict(span.attributes or {}) == {
        "http.request.method": "POST",
        "http.route": "/v1/score/batch",
        "http.response.status_code": 200,
        "kiemtin.n_items": 2,
        "kiemtin.model": line["model"],
        "kiemtin.request_id": line["request_id"],
    }
    assert line["trace_id"] == trace_of(span)


def test_the_caller_names_the_trace(
    client: TestClient, spans: InMemorySpanExporter
) -> None:
    """A span is a part of what its caller does (W3C Trace Context)."""
    client.get("/live", headers={"traceparent": f"00-{TRACE}-{CALLER}-01"})

    span = only(spans)
    assert trace_of(span) == TRACE
    assert span.parent
    assert f"{span.parent.span_id:016x}" == CALLER


@pytest.mark.parametrize("header", ["", "00-x-y-01", f"00-{'0' * 32}-{CALLER}-01", "đ"])
def test_a_bad_traceparent_starts_anew(
    client: TestClient, spans: InMemorySpanExporter, header: str
) -> None:
    """What is no context is ignored, as the standard wants it."""
    r = client.get("/live", headers={b"traceparent": header.encode()})

    assert r.status_code == 200
    assert only(spans).parent is None


@pytest.mark.parametrize("path", ["/v1/score", f"/{PRIVATE}", f"/?q={PRIVATE}"])
def test_no_text_is_in_a_span(
    client: TestClient, spans: InMemorySpanExporter, path: str
) -> None:
    """Neither bodies nor addresses, ours or the caller's, get into spans."""
    client.post(path, json={"text": PRIVATE, PRIVATE: 1}, headers={b"user-agent": PRIVATE.encode()})  # fmt: skip

    written = only(spans).to_json()
    assert not any(x in written for x in ("mật", r"m\u1ead", "%", "testclient"))


def test_problems_are_named(client: TestClient, spans: InMemorySpanExporter) -> None:
    """What is refused has its code; it is no failure of ours."""
    client.post("/v1/score", json={"text": ""})

    span = only(spans)
    assert span.attributes
    assert span.attributes["error.type"] == "empty_text"
    assert span.status.status_code is StatusCode.UNSET


class Collector(BaseHTTPRequestHandler):
    """Takes spans in, as a collector does."""

    def do_POST(self) -> None:
        """Keep what comes."""
        body = self.rfile.read(int(self.headers["content-length"]))
        self.server.taken.append((self.path, body))  # type: ignore[attr-defined]
        self.send_response(200)
        self.end_headers()

    def log_message(self, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def collector() -> Iterator[HTTPServer]:
    """A collector that listens."""
    with HTTPServer(("127.0.0.1", 0), Collector) as server:
        server.taken = []  # type: ignore[attr-defined]
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def test_spans_reach_a_collector(
    bundle: Path,
    tmp_path: Path,
    collector: HTTPServer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The standard variable is enough; the last spans leave before the service ends."""
    endpoint = f"http://127.0.0.1:{collector.server_port}"
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", endpoint)
    settings = Settings(bundle=bundle, database_url=f"sqlite:///{tmp_path / 'db'}")
    with TestClient(create_app(settings)) as c:
        c.post("/v1/score", json={"text": PRIVATE})

    ((path, body),) = collector.taken  # type: ignore[attr-defined]
    sent = ExportTraceServiceRequest.FromString(body)
    (resource,) = sent.resource_spans
    service = {x.key: x.value.string_value for x in resource.resource.attributes}
    assert path == "/v1/traces"
    assert service["service.name"] == "kiemtin"
    assert [x.name for x in resource.scope_spans[0].spans] == ["POST /v1/score"]
    assert "mật".encode() not in body


@pytest.mark.parametrize(
    ("endpoint", "otel", "expected"),
    [
        ("", None, False),
        ("http://a", None, True),
        ("http://a", "false", False),
        ("", "true", True),
    ],
)
def test_who_wants_spans(
    monkeypatch: pytest.MonkeyPatch, endpoint: str, otel: str | None, *, expected: bool
) -> None:
    """Spans are made when a collector is named, unless our own variable says no."""
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", endpoint)
    monkeypatch.delenv("KIEMTIN_OTEL", raising=False)
    if otel:
        monkeypatch.setenv("KIEMTIN_OTEL", otel)

    assert Settings().otel is expected
