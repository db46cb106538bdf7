"""A comparison as JSON."""

from kiemtin.labels import Label, Recommendation
from serving.schemas.models import (
    DifferenceOut,
    FlagsOut,
    LabelComparisonOut,
    ShadowPostsOut,
    SliceComparisonOut,
)
from serving.shadow.comparison import Comparison, Flagged, LabelCounts, SliceCounts

_DECIMALS = 6


def posts_of(comparison: Comparison | None) -> ShadowPostsOut:
    """Return what became of the posts."""
    if comparison is None:
        return ShadowPostsOut(compared=0, dropped=0, failed=0)
    return ShadowPostsOut(
        compared=comparison.n_compared,
        dropped=comparison.n_dropped,
        failed=comparison.n_failed,
    )


def slices_of(comparison: Comparison | None) -> dict[str, SliceComparisonOut]:
    """Return each slice that has a post."""
    if comparison is None:
        return {}
    return {
        name.value: _slice_of(counts)
        for name, counts in comparison.slices.items()
        if counts.n
    }


def _slice_of(counts: SliceCounts) -> SliceComparisonOut:
    recommendations: dict[Recommendation, dict[Recommendation, int]] = {}
    for (ours, theirs), n in sorted(counts.recommended.items()):
        recommendations.setdefault(ours, {})[theirs] = n
    labels: dict[Label, LabelComparisonOut] = {
        label: _label_of(x) for label, x in counts.labels.items()
    }
    return SliceComparisonOut(
        posts=counts.n, recommendations=recommendations, labels=labels
    )


def _label_of(counts: LabelCounts) -> LabelComparisonOut:
    return LabelComparisonOut(
        flagged=FlagsOut(**{x.value: counts.flagged[x] for x in Flagged}),
        difference=DifferenceOut(
            mean=round(counts.total / counts.n, _DECIMALS),
            largest=round(counts.largest, _DECIMALS),
            at_most={str(edge): n for edge, n in counts.at_most().items()},
        ),
    )
