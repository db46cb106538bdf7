"""GET /metrics."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from prometheus_client.parser import text_string_to_metric_families

from kiemtin.labels import Label, Recommendation
from serving.app import create_app
from serving.db import Database
from serving.engine import Lane
from serving.engine.metrics import Batch, EngineMetrics
from serving.errors import DatabaseUnavailableError
from serving.metrics import Metrics
from serving.settings import Settings

Samples = dict[tuple[str, frozenset[tuple[str, str]]], float]


class Shown:
    """What a service shows at one moment."""

    def __init__(self, client: TestClient) -> None:
        r = client.get("/metrics")
        assert r.headers["content-type"].startswith("text/plain; version=")
        self._samples: Samples = {
            (x.name, frozenset(x.labels.items())): x.value
            for family in text_string_to_metric_families(r.text)
            for x in family.samples
        }

    def __call__(self, name: str, /, **labels: str) -> float:
        """Return the value of ``kiemtin_<name>`` with exactly these labels."""
        return self._samples.get((f"kiemtin_{name}", frozenset(labels.items())), 0)

    def names(self) -> set[str]:
        """Return all names."""
        return {name for name, _ in self._samples}


@pytest.fixture
def own(bundle: Path, tmp_path: Path) -> Iterator[TestClient]:
    """A client of a service that nobody asked anything yet."""
    settings = Settings(bundle=bundle, database_url=f"sqlite:///{tmp_path / 'db'}")
    with TestClient(create_app(settings)) as c:
        yield c


def test_what_was_scored_is_counted(own: TestClient) -> None:
    """Posts, what was said of them, and what the workers did, are all counted."""
    texts = ["đồ ngu", "xin chào", "nhập otp"]
    own.post("/v1/score/batch", json={"items": [{"text": t} for t in texts]})

    shown = Shown(own)

    assert shown("posts_total") == 3
    assert shown("flagged_total", label="abusive") == 1
    assert shown("flagged_total", label="scam") == 1
    assert (
        sum(shown("recommended_total", recommendation=x) for x in Recommendation) == 3
    )
    assert shown("batch_posts_sum") == 3
    assert shown("tokens_total") > 3
    assert shown("stage_seconds_count", stage="network") >= 1
    assert shown("queue_seconds_count", lane="bulk") == 3
    assert shown("queue_seconds_count", lane="interactive") == 0


def test_repeats_are_counted(own: TestClient) -> None:
    """A post that was scored before is a hit."""
    for _ in range(3):
        own.post("/v1/score", json={"text": "xin chào"})

    shown = Shown(own)

    assert (shown("cache_hits_total"), shown("cache_misses_total")) == (2, 1)


def test_requests_are_counted(own: TestClient) -> None:
    """Requests are counted by route, method, status and problem, and timed by route."""
    own.post("/v1/score", json={"text": "a"})
    own.post("/v1/score", json={"text": ""})
    own.post("/v1/score", content=b"{")
    own.get("/nothing/here")

    shown = Shown(own)

    route = {"route": "/v1/score", "method": "POST"}
    assert [shown("requests_total", **route, status=x) for x in ("200", "422", "415")] == [1, 1, 1]  # fmt: skip
    assert shown("requests_total", route="(none)", method="GET", status="404") == 1
    assert shown("request_seconds_count", route="/v1/score") == 3
    assert shown("problems_total", code="empty_text") == 1
    assert shown("problems_total", code="not_found") == 1
    assert shown("requests_open") == 1  # the one that asks


def test_addresses_and_methods_do_not_multiply(own: TestClient) -> None:
    """Whatever strangers ask for, there are no more figures than we made."""
    for n in range(50):
        own.get(f"/{n}")
        own.request(f"M{n}", "/v1/score")

    text = own.get("/metrics").text

    assert text.count("kiemtin_requests_total{") < 8


def test_streams_are_counted(own: TestClient) -> None:
    """Lines are counted by what became of them."""
    own.post(
        "/v1/score/stream",
        content=b'{"text": "a"}\n{\n{"text": "b"}',
        headers={"content-type": "application/jsonl"},
    )

    shown = Shown(own)

    assert shown("stream_lines_total", status="ok") == 2
    assert shown("stream_lines_total", status="error") == 1


def test_the_engine_is_shown(own: TestClient) -> None:
    """Model, workers and queue are what they are at the moment."""
    info = own.get("/v1/info").json()

    shown = Shown(own)

    assert shown("model_loaded") == 1
    assert shown("workers") >= 1
    assert shown("workers_cpu_seconds_total") > 0
    assert shown("workers_resident_memory_bytes") > 10_000_000
    assert [shown("queue_posts", lane=x) for x in Lane] == [0, 0]
    assert [shown("queue_tokens", lane=x) for x in Lane] == [0, 0]
    model = {k: info["model"][k] for k in ("name", "version", "digest")}
    assert shown("model_info", **model, policy_version=info["policy"]["version"]) == 1


def test_a_service_without_a_model(tmp_path: Path) -> None:
    """Where the bundle was refused, the figures say that."""
    settings = Settings(
        bundle=tmp_path / "none", database_url=f"sqlite:///{tmp_path / 'db'}"
    )
    with TestClient(create_app(settings)) as c:
        shown = Shown(c)

    assert shown("model_loaded") == 0
    assert "kiemtin_model_info" not in shown.names()


def test_failures_of_the_database_are_counted(tmp_path: Path) -> None:
    """Whatever the database does not do is counted, whoever asked for it."""
    metrics = Metrics()
    database = Database(f"sqlite:///{tmp_path}", on_failure=metrics.database_failed)

    with pytest.raises(DatabaseUnavailableError):
        database.migrate()

    assert metrics.registry.get_sample_value("kiemtin_database_errors_total") == 1


def test_what_the_engine_may_report() -> None:
    """Whatever the engine tells, there is a figure for it, and none is missing before."""
    metrics = Metrics()
    engine: EngineMetrics = metrics.engine

    engine.batch(
        Batch(
            n_posts=5,
            n_windows=6,
            n_tokens=70,
            n_padded=30,
            n_cached=2,
            prepare_s=0.001,
            network_s=0.02,
            rest_s=0.003,
            flagged={"scam": 2},
            abstained={"hate": 1},
            recommended={"review": 2, "none": 3},
        )
    )
    for lane in Lane:
        engine.waited(lane, 0.5)
        engine.refused(lane)
        engine.expired(lane)

    value = metrics.registry.get_sample_value
    assert value("kiemtin_padding_tokens_total") == 30
    assert value("kiemtin_cache_misses_total") == 3
    assert value("kiemtin_stage_seconds_sum", {"stage": "rest"}) == 0.003
    assert [value("kiemtin_flagged_total", {"label": x}) for x in Label] == [0, 0, 0, 2, 0]  # fmt: skip
    assert value("kiemtin_abstained_total", {"label": "hate"}) == 1
    assert value("kiemtin_recommended_total", {"recommendation": "review_urgent"}) == 0
    assert [value("kiemtin_refused_total", {"lane": x}) for x in Lane] == [1, 1]
    assert [value("kiemtin_expired_total", {"lane": x}) for x in Lane] == [1, 1]


def test_no_figure_is_shared(bundle: Path, tmp_path: Path) -> None:
    """Two services of one process count apart."""
    settings = Settings(bundle=bundle, database_url=f"sqlite:///{tmp_path / 'db'}")
    with TestClient(create_app(settings)) as one, TestClient(create_app(settings)) as b:
        one.post("/v1/score", json={"text": "a"})
        shown = Shown(b)

    assert shown("posts_total") == 0


def test_it_is_cheap() -> None:
    """To count a request costs less than 50 µs, however slow the machine."""
    metrics = Metrics()

    async def run() -> float:
        loop = asyncio.get_running_loop()
        started = loop.time()
        for _ in range(2000):
            metrics.requests.began()
            metrics.requests.ended("POST", "/v1/score", 200, 0.01, "")
        return (loop.time() - started) / 2000

    assert asyncio.run(run()) < 50e-6


def test_open_metrics(own: TestClient) -> None:
    """Who asks for OpenMetrics gets it."""
    r = own.get("/metrics", headers={"accept": "application/openmetrics-text"})

    assert r.headers["content-type"].startswith("application/openmetrics-text")
    assert r.text.endswith("# EOF\n")
