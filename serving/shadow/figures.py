"""What Prometheus is told of a challenger."""

from collections.abc import Iterator

from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
)

from serving.shadow.comparison import Comparison, Flagged
from serving.shadow.shadow import Shadow
from serving.shadow.slices import Slice


class ShadowFigures:
    """Counts since the present champion serves; they begin anew with the next."""

    def __init__(self, shadow: Shadow) -> None:
        self._shadow = shadow

    def collect(self) -> Iterator[Metric]:
        """Yield what holds now."""
        yield GaugeMetricFamily(
            "kiemtin_shadow_loaded",
            "1 if a challenger watches.",
            value=self._shadow.model is not None,
        )
        comparison = self._shadow.comparison
        if comparison is None:
            return
        yield _posts(comparison)
        yield _flagged(comparison)
        yield _recommended(comparison)
        yield _differences(comparison)


def _posts(comparison: Comparison) -> Metric:
    posts = CounterMetricFamily(
        "kiemtin_shadow_posts", "Posts for the challenger.", labels=["status"]
    )
    posts.add_metric(["compared"], comparison.n_compared)
    posts.add_metric(["dropped"], comparison.n_dropped)
    posts.add_metric(["failed"], comparison.n_failed)
    return posts


def _flagged(comparison: Comparison) -> Metric:
    flagged = CounterMetricFamily(
        "kiemtin_shadow_flagged",
        "Posts by which of the two models flagged them.",
        labels=["slice", "label", "by"],
    )
    for name, counts in comparison.slices.items():
        for label, label_counts in counts.labels.items():
            for by in Flagged:
                names = [name.value, label.value, by.value]
                flagged.add_metric(names, label_counts.flagged[by])
    return flagged


def _recommended(comparison: Comparison) -> Metric:
    recommended = CounterMetricFamily(
        "kiemtin_shadow_recommended",
        "Posts by what the two models recommend.",
        labels=["champion", "challenger"],
    )
    counts = comparison.slices[Slice.ALL].recommended
    for (ours, theirs), n in sorted(counts.items()):
        recommended.add_metric([ours.value, theirs.value], n)
    return recommended


def _differences(comparison: Comparison) -> Metric:
    differences = HistogramMetricFamily(
        "kiemtin_shadow_difference",
        "How far the probabilities of the two models are apart.",
        labels=["label"],
    )
    for label, counts in comparison.slices[Slice.ALL].labels.items():
        buckets = [(str(edge), n) for edge, n in counts.at_most().items()]
        # No difference is above 1, the last of the edges.
        differences.add_metric(
            [label.value], [*buckets, ("+Inf", counts.n)], counts.total
        )
    return differences
