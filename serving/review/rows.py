"""A transparency report as rows: one number each, with what it is of."""

from collections.abc import Iterator

from serving.review.counting import Proportion
from serving.review.figures import DecisionFigures, Report
from serving.review.sheet import Cell, csv_of

HEADER = (
    "section", "group", "label", "kind", "outcome", "reason_code", "measure", "value",
)  # fmt: skip
Row = tuple[str, str, str, str, str, str, str, Cell]


def report_csv(report: Report) -> str:
    """Return *report* as CSV."""
    return csv_of(HEADER, _rows(report))


def _rows(report: Report) -> Iterator[Row]:
    yield _row("period", "since", report.since.isoformat())
    yield _row("period", "until", report.until.isoformat())
    yield from _posts(report)
    yield from _requests(report)
    yield from _decisions(report.decisions)
    yield _row("appeals", "filed", report.appeals.n_filed)
    yield _row("appeals", "open", report.appeals.n_open)
    answered = report.appeals.answered
    yield from _share("appeals", "overturned", answered.overall)
    for label, share in answered.labels.items():
        yield from _share("appeals", "overturned", share, label=label)
    for label, share in report.precision.items():
        yield from _share("precision", "upheld", share, label=label)
    yield from _share("audit", "missed", report.missed)
    yield from _share("goldens", "right", report.goldens)


def _posts(report: Report) -> Iterator[Row]:
    posts, cases = report.posts, report.cases
    yield _row("posts", "received", posts.n_received)
    for origin, n in posts.by_origin.items():
        yield _row("posts", "received", n, group=origin)
    yield _row("posts", "flagged", posts.n_flagged)
    yield _row("posts", "reported", posts.n_reported)
    yield _row("posts", "flagged_and_reported", posts.n_flagged_and_reported)
    yield _row("posts", "seen_as_copies", posts.n_copies_seen)
    yield from _share("posts", "never_seen", posts.never_seen)
    yield _row("cases", "opened", cases.n_opened)
    yield _row("cases", "open", cases.n_open)
    for origin, n in cases.by_origin.items():
        yield _row("cases", "opened_by_origin", n, group=origin)
    for source, n in cases.by_source.items():
        yield _row("cases", "opened_by_source", n, group=source)


def _requests(report: Report) -> Iterator[Row]:
    for origin, x in report.requests.items():
        yield _row("requests", "cases", x.n_cases, group=origin)
        yield _row("requests", "open", x.n_open, group=origin)
        yield _row("requests", "upheld", x.n_upheld, group=origin)
        yield _row("requests", "dismissed", x.n_dismissed, group=origin)
        for outcome, n in x.outcomes.items():
            yield _row("requests", "answered", n, group=origin, outcome=outcome)
        yield from _share("requests", "on_time", x.on_time, group=origin)


def _decisions(made: DecisionFigures) -> Iterator[Row]:
    for measure, n in (
        ("made", made.n),
        ("posts", made.n_posts),
        ("upheld", made.n_upheld),
        ("dismissed", made.n_dismissed),
        ("protected", made.n_protected),
        ("reversals", made.n_reversals),
    ):
        yield _row("decisions", measure, n)
    yield from _share("decisions", "reversed", made.reversed)
    for x in made.counts:
        said = ("decisions", "", x.label, x.kind, x.outcome, x.reason_code)
        yield (*said, "made", x.n)
        yield (*said, "posts", x.n_posts)
    for origin, t in made.times.items():
        receipt, lease = "median_s_from_receipt", "median_s_from_lease"
        yield _row("times", receipt, t.median_receipt_s, group=origin)
        yield _row("times", lease, t.median_lease_s, group=origin)


def _row(
    section: str,
    measure: str,
    value: Cell,
    *,
    group: str = "",
    label: str = "",
    outcome: str = "",
) -> Row:
    return (section, group, label, "", outcome, "", measure, value)


def _share(
    section: str, measure: str, share: Proportion, *, group: str = "", label: str = ""
) -> Iterator[Row]:
    low, high = share.interval or (None, None)
    for name, value in (
        (measure, share.hits),
        (f"{measure}_of", share.n),
        (f"{measure}_share", share.share),
        (f"{measure}_low", low),
        (f"{measure}_high", high),
    ):
        yield _row(section, name, value, group=group, label=label)
