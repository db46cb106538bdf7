"""What Prometheus is told of messages to others."""

from prometheus_client import CollectorRegistry, Counter, Gauge


class WebhookCounts:
    """What is counted of messages to others."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._tries = Counter(
            "kiemtin_webhook_tries",
            "Tries to send a message, by how they ended.",
            ("outcome",),
            registry=registry,
        )
        self._messages = Gauge(
            "kiemtin_webhook_messages",
            "Messages that wait to be sent, or are dead.",
            ("state",),
            registry=registry,
        )
        for outcome in ("delivered", "failed", "dead"):
            self._tries.labels(outcome)
        for state in ("waiting", "dead"):
            self._messages.labels(state)

    def tried(self, outcome: str) -> None:
        """Count a try."""
        self._tries.labels(outcome).inc()

    def show(self, state: str, n: int) -> None:
        """Show that *n* messages are in a state."""
        self._messages.labels(state).set(n)
