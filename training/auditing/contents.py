"""What is in each corpus: rows, classes, labels, missing values, and how it is written."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from kiemtin.labels import Label
from training.auditing.pool import (
    Audited,
    Finding,
    Published,
    Section,
    Severity,
    file_of,
    published_split,
)
from training.auditing.texts import (
    SHORT_SYLLABLES,
    WINDOW_SYLLABLES,
    Measured,
    TextFigures,
    measure,
    text_figures,
)
from training.corpora.row import Row
from training.evaluation.standalone import percent

MAX_SET_ASIDE = 0.01
"""Of the records: more than that is a fault of the reader or of the file."""
MAX_MISSING = 0.05
MIN_CLASS = 0.1
"""A smaller class has few rows in a test split, and figures on it are wide."""
MAX_OVER_WINDOW = 0.05
MAX_SHORT = 0.1
MAX_WITHOUT_DIACRITICS = 0.2
MAX_STYLE_GAP = 0.2
"""Between two classes: how a text is typed then tells much of its class."""
MIN_JUDGED = 100
MAX_OUTLYING = 10
"""The longest text, in 99th percentiles: beyond that it is hardly one post."""

_ROUND = 4
_STYLES = {
    "without_diacritics": "are without diacritics",
    "with_emoji": "have emoji",
    "with_links": "have links",
}


class LabelShare(Section):
    """How many rows say something of a label, and the share of them that has it."""

    n_known: int
    share: float


class FileContents(Section):
    """What is in one published file; reasons and classes by how many rows have them."""

    file: str
    published: Published
    n_rows: int
    set_aside: dict[str, int]
    classes: dict[str, int]
    labels: dict[Label, LabelShare]
    missing: dict[str, int]
    """Rows that lack what others of the corpus have, such as ``time``."""


class CorpusContents(Section):
    """What is in one corpus; without rows it has no figures of texts."""

    corpus: str
    files: tuple[FileContents, ...]
    classes: dict[str, int]
    texts: TextFigures | None
    by_class: dict[str, TextFigures]

    @property
    def n_rows(self) -> int:
        """Of all files."""
        return sum(f.n_rows for f in self.files)

    @property
    def n_set_aside(self) -> int:
        """Of all files."""
        return sum(sum(f.set_aside.values()) for f in self.files)

    @property
    def missing(self) -> dict[str, int]:
        """Of all files."""
        return dict(sum((Counter(f.missing) for f in self.files), Counter()))


class Contents(Section):
    """What is in each corpus."""

    corpora: tuple[CorpusContents, ...]


def describe_contents(pool: Audited, *, seed: int) -> Contents:
    """Return what is in each corpus of *pool*; nothing in it is drawn by chance."""
    measured = measure(pool.rows)
    return Contents(corpora=tuple(_corpus(pool, c, measured) for c in pool.corpora))


def findings(section: Contents) -> list[Finding]:
    """Return what is worth reading in *section*."""
    return [
        Finding(severity=severity, corpus=c.corpus, sentence=sentence)
        for c in section.corpora
        for severity, sentence in (
            *_about_records(c),
            *_about_classes(c),
            *_about_lengths(c),
            *_about_diacritics(c),
        )
    ]


def _corpus(pool: Audited, corpus: str, measured: Measured) -> CorpusContents:
    at = pool.of(corpus)
    by_class = {
        name: at[[pool.classes[i] == name for i in at]]
        for name in sorted({pool.classes[i] for i in at})
    }
    return CorpusContents(
        corpus=corpus,
        files=tuple(_files(pool, corpus)),
        classes={name: len(i) for name, i in by_class.items()},
        texts=text_figures(measured, at) if len(at) else None,
        by_class={name: text_figures(measured, i) for name, i in by_class.items()},
    )


def _files(pool: Audited, corpus: str) -> Iterator[FileContents]:
    at = pool.of(corpus)
    aside = [a for a in pool.set_aside if a.corpus == corpus]
    fields = sorted({f for i in at for f in _fields(pool.rows[i])})
    stems = [file_of(pool.rows[i]) for i in at]
    for stem in dict.fromkeys((*stems, *(Path(a.file).stem for a in aside))):
        rows = [pool.rows[i] for i, s in zip(at, stems, strict=True) if s == stem]
        yield FileContents(
            file=stem,
            published=published_split(stem),
            n_rows=len(rows),
            set_aside=_counts(a.reason for a in aside if Path(a.file).stem == stem),
            classes=_counts(r.source_label for r in rows),
            labels=dict(_labels(rows)),
            missing=_missing(rows, fields),
        )


def _counts(values: Iterator[str]) -> dict[str, int]:
    return dict(sorted(Counter(values).items()))


def _labels(rows: list[Row]) -> Iterator[tuple[Label, LabelShare]]:
    for label in Label:
        known = [r.labels[label] for r in rows if label in r.labels]
        if known:
            share = round(float(np.mean(known)), _ROUND)
            yield label, LabelShare(n_known=len(known), share=share)


def _missing(rows: list[Row], fields: list[str]) -> dict[str, int]:
    present = Counter(f for r in rows for f in _fields(r))
    return {f: len(rows) - present[f] for f in fields if present[f] < len(rows)}


def _fields(row: Row) -> set[str]:
    """Return what stands beside the text of *row* and is not empty."""
    found = {f"group {k}" for k, v in row.groups.items() if v}
    found |= {f"facet {k}" for k, v in row.facets.items() if v}
    found |= {"time"} if row.time else set()
    return found | ({"evidence"} if row.evidence else set())


_Said = Iterator[tuple[Severity, str]]


def _about_records(c: CorpusContents) -> _Said:
    n = c.n_rows + c.n_set_aside
    if c.n_set_aside:
        bad = c.n_set_aside > MAX_SET_ASIDE * n
        yield (
            Severity.WARN if bad else Severity.INFO,
            f"{c.n_set_aside:,} of {n:,} records could not be read and are set aside",
        )
    for field, n_missing in c.missing.items():
        if n_missing > MAX_MISSING * c.n_rows:
            share = percent(n_missing / c.n_rows)
            # A facet is never learnt from, so nothing but this audit misses it.
            learnt = not field.startswith("facet")
            severity = Severity.WARN if learnt else Severity.INFO
            yield severity, f"{share} of the rows have no {field}"


def _about_classes(c: CorpusContents) -> _Said:
    for name, n in c.classes.items():
        if n < MIN_CLASS * c.n_rows:
            share = percent(n / c.n_rows)
            yield Severity.INFO, f"only {share} of the rows ({n:,}) are of class {name}"


def _about_lengths(c: CorpusContents) -> _Said:
    if c.texts is None:
        return
    if c.texts.over_window > MAX_OVER_WINDOW:
        share = percent(c.texts.over_window)
        yield (
            Severity.WARN,
            f"{share} of the texts are over {WINDOW_SYLLABLES} syllables",
        )
    if c.texts.n_short > MAX_SHORT * c.n_rows:
        share = percent(c.texts.n_short / c.n_rows)
        yield (
            Severity.INFO,
            f"{share} of the texts have at most {SHORT_SYLLABLES} syllables",
        )
    if c.texts.max > MAX_OUTLYING * c.texts.p99:
        times = c.texts.max / c.texts.p99
        sentence = (
            f"the longest text has {c.texts.max:,} syllables, "
            f"{times:.0f} times the 99th percentile"
        )
        yield Severity.WARN, sentence


def _about_diacritics(c: CorpusContents) -> _Said:
    if c.texts and c.texts.without_diacritics > MAX_WITHOUT_DIACRITICS:
        share = percent(c.texts.without_diacritics)
        yield Severity.WARN, f"{share} of the texts are without diacritics"
    judged = {n: t for n, t in c.by_class.items() if t.n_judged >= MIN_JUDGED}
    for what, said in _STYLES.items():
        shares = {name: float(getattr(t, what)) for name, t in judged.items()}
        if not shares:
            continue
        low, high = (
            min(shares, key=shares.__getitem__),
            max(shares, key=shares.__getitem__),
        )
        if shares[high] - shares[low] > MAX_STYLE_GAP:
            sentence = (
                f"{percent(shares[high])} of class {high} {said}, "
                f"{percent(shares[low])} of class {low}"
            )
            yield Severity.WARN, sentence
