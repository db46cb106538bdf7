"""The figures of a transparency report in the words of a page."""

from collections.abc import Sequence
from dataclasses import dataclass

from kiemtin.labels import Label
from serving.console.desk import plots
from serving.console.desk.plots import Plot
from serving.console.desk.shown import Names
from serving.console.desk.words import Words
from serving.review.counting import Proportion
from serving.review.outcomes import Origin, Outcome
from serving.review.policy import ReviewPolicy
from serving.review.transparency import Report

Rows = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Table:
    """A table with a head; its first column names the rows."""

    title: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class Told:
    """The whole report."""

    lists: Sequence[tuple[str, Rows]]
    tables: Sequence[Table]
    precision: Plot


def told(made: Report, words: Words, policy: ReviewPolicy) -> Told:
    """Return *made* in *words*."""
    said = words.report
    labels = [(words.labels[x], made.precision[x.value]) for x in Label]
    return Told(
        [
            (said.posts, _posts(made, words)),
            (said.cases, _cases(made, words)),
            (said.decisions, _decisions(made, words)),
            (said.appeals, _appeals(made, words)),
            (said.quality, _quality(made, words)),
        ],
        [_requests(made, words), _times(made, words), _counts(made, words, policy)],
        plots.shares(labels, words),
    )


def _posts(made: Report, words: Words) -> Rows:
    said, posts, n = words.report, made.posts, words.number
    return [
        (said.n_received, n(posts.n_received)),
        *((f"– {words.origins[x]}", n(posts.by_origin[x.value])) for x in Origin),
        (said.n_flagged, n(posts.n_flagged)),
        (said.n_reported, n(posts.n_reported)),
        (said.n_both, n(posts.n_flagged_and_reported)),
        (said.n_copies, n(posts.n_copies_seen)),
        (said.never_seen, _share(posts.never_seen, words)),
    ]


def _cases(made: Report, words: Words) -> Rows:
    said, cases, n = words.report, made.cases, words.number
    return [
        (said.n_opened, n(cases.n_opened)),
        *((f"– {said.sources[x]}", n(m)) for x, m in cases.by_source.items()),
        (said.n_open, n(cases.n_open)),
    ]


def _decisions(made: Report, words: Words) -> Rows:
    said, decisions, n = words.report, made.decisions, words.number
    return [
        (said.n_decisions, n(decisions.n)),
        (said.n_posts, n(decisions.n_posts)),
        (said.n_upheld, n(decisions.n_upheld)),
        (said.n_dismissed, n(decisions.n_dismissed)),
        (said.n_protected, n(decisions.n_protected)),
        (said.reversed, _share(decisions.reversed, words)),
    ]


def _appeals(made: Report, words: Words) -> Rows:
    said, appeals, n = words.report, made.appeals, words.number
    by_label = appeals.answered.labels.items()
    return [
        (said.n_filed, n(appeals.n_filed)),
        (said.n_waiting, n(appeals.n_open)),
        (said.overturned, _share(appeals.answered.overall, words)),
        *((f"– {_label(x, words)}", _share(share, words)) for x, share in by_label),
    ]


def _quality(made: Report, words: Words) -> Rows:
    said = words.report
    return [
        (said.missed, _share(made.missed, words)),
        (said.goldens, _share(made.goldens, words)),
    ]


def _requests(made: Report, words: Words) -> Table:
    said, n = words.report, words.number
    return Table(
        said.requests,
        [
            said.origin,
            said.cases,
            said.n_open,
            said.n_upheld,
            said.n_dismissed,
            said.answered_in_time,
        ],
        [
            [
                words.origins[Origin(x)],
                n(found.n_cases),
                n(found.n_open),
                n(found.n_upheld),
                n(found.n_dismissed),
                _share(found.on_time, words),
            ]
            for x, found in made.requests.items()
        ],
    )


def _times(made: Report, words: Words) -> Table:
    said = words.report
    names = {"all": said.all} | {x.value: words.origins[x] for x in Origin}
    return Table(
        said.times,
        [said.origin, said.count, said.from_receipt, said.from_lease],
        [
            [
                names[x],
                words.number(found.n),
                words.duration(found.median_receipt_s),
                words.duration(found.median_lease_s),
            ]
            for x, found in made.decisions.times.items()
        ],
    )


def _counts(made: Report, words: Words, policy: ReviewPolicy) -> Table:
    said, reasons = words.report, Names.of(policy, words).reasons
    return Table(
        said.counts,
        [words.lead.label, words.lead.outcome, words.decide.reason, said.count],
        [
            [
                _label(x.label, words),
                f"{words.kinds[x.kind]}: {words.outcomes[Outcome(x.outcome)][0]}",
                reasons.get(x.reason_code, x.reason_code),
                words.number(x.n),
            ]
            for x in made.decisions.counts
        ],
    )


def _label(name: str, words: Words) -> str:
    return words.labels[Label(name)] if name in set(Label) else words.report.no_label


def _share(share: Proportion, words: Words) -> str:
    if share.share is None:
        return "–"
    counted = f"{words.number(share.hits)} / {words.number(share.n)}"
    return f"{words.percent(share.share, 0)} ({counted})"
