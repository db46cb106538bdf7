"""What Prometheus is told; every number of it has its row in docs/runbook.md."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from functools import lru_cache, partial

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    disable_created_metrics,
)
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    InfoMetricFamily,
    Metric,
)

from kiemtin.labels import Label, Recommendation
from serving.engine import Engine, Lane
from serving.engine.metrics import Batch

disable_created_metrics()  # type: ignore[no-untyped-call] # twice as many figures, and nobody asks for them

_REQUEST_S = (.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30, 120)  # fmt: skip
_STAGE_S = (.0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 10, 60)  # fmt: skip
_BATCH_POSTS = (1, 2, 4, 8, 16, 32, 64)
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_MOST_CHILDREN = 1024


class RequestCounts:
    """What is counted of requests, whatever they ask for."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._requests = Counter(
            "kiemtin_requests",
            "Requests that were answered.",
            ("route", "method", "status"),
            registry=registry,
        )
        self._durations = Histogram(
            "kiemtin_request_seconds",
            "From a request's first byte to the last of its answer.",
            ("route",),
            buckets=_REQUEST_S,
            registry=registry,
        )
        is_open = Gauge(
            "kiemtin_requests_open",
            "Requests that are being answered.",
            registry=registry,
        )
        is_open.set_function(lambda: self._n_open)
        self._n_open = 0
        self._problems = Counter(
            "kiemtin_problems",
            "Requests that were refused or failed, by the code of the problem.",
            ("code",),
            registry=registry,
        )
        # Routes, methods and statuses are few; finding a child by its labels is slow.
        self._request = lru_cache(_MOST_CHILDREN)(self._requests.labels)
        self._duration = lru_cache(_MOST_CHILDREN)(self._durations.labels)

    def began(self) -> None:
        """Count a request that is being answered."""
        self._n_open += 1

    def ended(
        self, method: str, route: str, status: int, duration_s: float, code: str
    ) -> None:
        """Count it as answered; *code* is that of its problem, empty if it has none."""
        self._n_open -= 1
        method = method if method in _METHODS else "(odd)"
        self._request(route, method, status).inc()
        self._duration(route).observe(duration_s)
        if code:
            self._problems.labels(code).inc()


class EngineCounts:
    """What the engine reports of its work, see ``serving.engine.metrics``."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._r = registry
        self._posts = self._count("posts", "Posts that workers answered.")
        self._windows = self._count("windows", "Windows of texts that were read.")
        self._tokens = self._count("tokens", "Tokens of texts that were read.")
        self._padding = self._count(
            "padding_tokens", "Tokens that only made the texts of a batch equally long."
        )
        self._hits = self._count("cache_hits", "Posts that had been scored before.")
        self._misses = self._count("cache_misses", "Posts that had not.")
        self._flagged = self._by("label", Label, "flagged", "Posts that were flagged.")
        self._abstained = self._by(
            "label", Label, "abstained", "Posts of which nothing was concluded."
        )
        self._recommended = self._by(
            "recommendation", Recommendation, "recommended", "Posts by recommendation."
        )
        self._refused = self._by(
            "lane", Lane, "refused", "Calls refused, since too much waited."
        )
        self._expired = self._by(
            "lane", Lane, "expired", "Calls that were not answered in time."
        )
        self._sizes = Histogram(
            "kiemtin_batch_posts",
            "Posts of the batches that workers answered.",
            buckets=_BATCH_POSTS,
            registry=registry,
        )
        stages = Histogram(
            "kiemtin_stage_seconds",
            "Time that a batch took in a worker, by stage.",
            ("stage",),
            buckets=_STAGE_S,
            registry=registry,
        )
        self._prepare, self._network, self._rest = (
            stages.labels(x) for x in ("prepare", "network", "rest")
        )
        queues = Histogram(
            "kiemtin_queue_seconds",
            "Time that a post waited for a worker.",
            ("lane",),
            buckets=_STAGE_S,
            registry=registry,
        )
        self._queues = {lane: queues.labels(lane.value) for lane in Lane}

    def batch(self, batch: Batch) -> None:
        """Count a batch that a worker answered."""
        self._posts.inc(batch.n_posts)
        self._windows.inc(batch.n_windows)
        self._tokens.inc(batch.n_tokens)
        self._padding.inc(batch.n_padded)
        self._hits.inc(batch.n_cached)
        self._misses.inc(batch.n_posts - batch.n_cached)
        self._sizes.observe(batch.n_posts)
        self._prepare.observe(batch.prepare_s)
        self._network.observe(batch.network_s)
        self._rest.observe(batch.rest_s)
        _add(self._flagged, batch.flagged)
        _add(self._abstained, batch.abstained)
        _add(self._recommended, batch.recommended)

    def waited(self, lane: Lane, seconds: float) -> None:
        """Count how long a post waited for a worker."""
        self._queues[lane].observe(seconds)

    def refused(self, lane: Lane) -> None:
        """Count a call that was refused, since too much waits."""
        self._refused[lane].inc()

    def expired(self, lane: Lane) -> None:
        """Count a call that was not answered in time."""
        self._expired[lane].inc()

    def _count(self, name: str, says: str) -> Counter:
        return Counter(f"kiemtin_{name}", says, registry=self._r)

    def _by(
        self, label: str, values: Iterable[StrEnum], name: str, says: str
    ) -> dict[str, Counter]:
        """Return a counter for each of *values*, so that none is ever missing."""
        counter = Counter(f"kiemtin_{name}", says, (label,), registry=self._r)
        return {x: counter.labels(x.value) for x in values}


class EngineState:
    """How the engine is at the moment when somebody asks."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def collect(self) -> Iterator[Metric]:
        """Yield what holds now; of a service without a model only that it has none."""
        refused = self._engine.refusal is not None
        yield GaugeMetricFamily(
            "kiemtin_model_loaded", "1 if posts can be scored.", value=not refused
        )
        if refused:
            return
        model, crew = self._engine.model, self._engine.crew
        yield InfoMetricFamily(
            "kiemtin_model",
            "Which model and policy score.",
            value={
                "name": model.out.name,
                "version": model.out.version,
                "digest": model.digest,
                "policy_version": model.policy.version,
            },
        )
        yield GaugeMetricFamily(
            "kiemtin_workers", "Processes that score.", value=len(crew.pids)
        )
        used = _used(crew.pids)
        yield CounterMetricFamily(
            "kiemtin_workers_cpu_seconds",
            "Time that processors spent on them.",
            value=used["process_cpu_seconds"],
        )
        yield GaugeMetricFamily(
            "kiemtin_workers_resident_memory_bytes",
            "Memory that they hold; what they share counts for each.",
            value=used["process_resident_memory_bytes"],
        )
        posts = GaugeMetricFamily(
            "kiemtin_queue_posts", "Posts that wait for a worker.", labels=["lane"]
        )
        tokens = GaugeMetricFamily(
            "kiemtin_queue_tokens", "Tokens, about, that wait.", labels=["lane"]
        )
        for lane in Lane:
            n_posts, n_tokens = crew.waiting(lane)
            posts.add_metric([lane.value], n_posts)
            tokens.add_metric([lane.value], n_tokens)
        yield from (posts, tokens)


class Metrics:
    """
    All that is counted of one service.

    Attributes:
        registry: What `/metrics` shows.
        requests: Told by the middleware.
        engine: Told by the engine.
    """

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._state: EngineState | None = None
        self.requests = RequestCounts(self.registry)
        self.engine = EngineCounts(self.registry)
        self._database_errors = Counter(
            "kiemtin_database_errors",
            "Failures of the database, or to reach it.",
            registry=self.registry,
        )
        lines = Counter(
            "kiemtin_stream_lines",
            "Lines of streams, by whether they were scored.",
            ("status",),
            registry=self.registry,
        )
        self._ok, self._failed = lines.labels("ok"), lines.labels("error")
        ProcessCollector(registry=self.registry)

    def watch(self, engine: Engine) -> None:
        """Show also how *engine* is when somebody asks."""
        if self._state is not None:
            self.registry.unregister(self._state)
        self._state = EngineState(engine)
        self.registry.register(self._state)

    def database_failed(self) -> None:
        """Count that the database did not do what it should."""
        self._database_errors.inc()

    def streamed(self, n_ok: int, n_failed: int) -> None:
        """Count lines of a stream that were answered."""
        self._ok.inc(n_ok)
        self._failed.inc(n_failed)


def _used(pids: Iterable[int]) -> defaultdict[str, float]:
    """Return what these processes have used, all together; nothing but on Linux."""
    used: defaultdict[str, float] = defaultdict(float)
    for pid in pids:
        process = ProcessCollector(pid=partial(int, pid), registry=None)
        for family in process.collect():
            used[family.name] += sum(x.value for x in family.samples)
    return used


def _add(counters: Mapping[str, Counter], counts: Mapping[str, int]) -> None:
    for name, n in counts.items():
        counters[name].inc(n)
