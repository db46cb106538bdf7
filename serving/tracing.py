"""
A span for each request, for collectors that speak OTLP.

Written here, not by OpenTelemetry's own middleware: that one puts addresses of callers
and query strings, which may hold a text, into spans. Without the ``otel`` extra, or
without a wish for spans, nothing of this is imported.
"""

from importlib.metadata import version

from opentelemetry.sdk.resources import SERVICE_NAME, SERVICE_VERSION, Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter
from opentelemetry.trace import Span, SpanKind, StatusCode, Tracer
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_NAME = "kiemtin"
_CARRIED = (b"traceparent", b"tracestate")
_W3C = TraceContextTextMapPropagator()
_FROM_STATE = {
    "n_items": "kiemtin.n_items",
    "model": "kiemtin.model",
    "code": "error.type",
    "request_id": "kiemtin.request_id",
}
_SERVER_ERROR = 500


def start_tracing(exporter: SpanExporter) -> TracerProvider:
    """
    Return what makes tracers; spans leave in the background, the last at its shutdown.

    The standard variables (``OTEL_SERVICE_NAME``, ``OTEL_TRACES_SAMPLER``, ...) hold.
    """
    resource = Resource.create({SERVICE_VERSION: version(_NAME)})
    if str(resource.attributes[SERVICE_NAME]).startswith("unknown_service"):
        resource = resource.merge(Resource({SERVICE_NAME: _NAME}))
    provider = TracerProvider(resource=resource, shutdown_on_exit=False)
    provider.add_span_processor(BatchSpanProcessor(exporter))
    return provider


class Traced:
    """
    Makes a span of each request, within the trace that its caller names (W3C).

    Args:
        app: What answers.
        tracer: Makes spans.
    """

    def __init__(self, app: ASGIApp, tracer: Tracer) -> None:
        self._app = app
        self._tracer = tracer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        carrier = {k.decode(): v.decode("latin-1") for k, v in scope["headers"] if k in _CARRIED}  # fmt: skip
        with self._tracer.start_as_current_span(
            scope["method"] if scope["method"].isalpha() else "(odd)",
            context=_W3C.extract(carrier),
            kind=SpanKind.SERVER,
            # What an exception says may quote a text.
            record_exception=False,
            set_status_on_exception=False,
        ) as span:
            trace_id = span.get_span_context().trace_id
            scope.setdefault("state", {})["trace_id"] = f"{trace_id:032x}"

            async def send_noted(message: Message) -> None:
                if message["type"] == "http.response.start":
                    _note_status(span, message["status"])
                await send(message)

            try:
                await self._app(scope, receive, send_noted)
            except Exception:
                span.set_status(StatusCode.ERROR)
                raise
            finally:
                _describe(span, scope)


def _note_status(span: Span, status: int) -> None:
    span.set_attribute("http.response.status_code", status)
    if status >= _SERVER_ERROR:
        span.set_status(StatusCode.ERROR)


def _describe(span: Span, scope: Scope) -> None:
    method = scope["method"] if scope["method"].isalpha() else "(odd)"
    route = getattr(scope.get("route"), "path", None)
    span.set_attribute("http.request.method", method)
    if route:
        span.update_name(f"{method} {route}")
        span.set_attribute("http.route", route)
    for name, attribute in _FROM_STATE.items():
        if name in scope["state"]:
            span.set_attribute(attribute, scope["state"][name])
