"""Small pools, in which a text with more "!" is a near copy."""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import count
from random import Random
from typing import Any

import numpy as np
import pytest

from kiemtin.labels import Label
from training.auditing.audit import audit
from training.auditing.pool import Audited, Ints
from training.auditing.sections import Audit
from training.corpora.row import Head, Row, SetAside

MakePool = Callable[..., Audited]
MakeRow = Callable[..., Row]

EVIL = "=a() <script>alert(1)</script> ngu dốt câm mồm ngu câm mồm dốt"
"""It is labelled clean, and every other text with such words is not."""


@pytest.fixture
def make_row() -> MakeRow:
    """Make a row of a harm corpus, of which any attribute can be another."""
    numbers = count(1)

    def make(text: str, row_class: str = "0", **others: Any) -> Row:
        row = {
            "corpus": "vihsd",
            "row_id": f"train:{next(numbers)}",
            "head": Head.HARM,
            "labels": {Label.ABUSIVE: row_class != "0"},
            **others,
        }
        return Row(text=text, source_label=row_class, **row)

    return make


@pytest.fixture
def make_pool() -> MakePool:
    """Make a pool of rows; all of them train if nothing else is said."""

    def make(
        rows: Sequence[Row],
        splits: Sequence[str] = (),
        set_aside: Sequence[SetAside] = (),
    ) -> Audited:
        return _pool(rows, splits, set_aside)

    return make


@pytest.fixture(scope="session")
def audited() -> Audit:
    """The audit of a pool in which every section has something to say."""
    rows = [*_posts(), *_comments(), *_highlights(), *_claims()]
    aside = [SetAside("reintel", "public_train.csv", 7, "fewer fields than columns")]
    return audit(
        _pool(rows, [("train", "dev")[i % 5 == 0] for i in range(len(rows))], aside),
        seed=1,
    )


def _pool(
    rows: Sequence[Row], splits: Sequence[str], set_aside: Sequence[SetAside]
) -> Audited:
    texts = [r.text for r in rows]
    return Audited(
        rows=rows,
        set_aside=set_aside,
        clusters=_first([t.rstrip("!") for t in texts]),
        equal=_first(texts),
        splits=splits or ["train"] * len(rows),
    )


def _posts() -> Iterator[Row]:
    random, start = Random(1), datetime(2020, 2, 1, 12, tzinfo=UTC)
    for i in range(300):
        time = start + timedelta(days=i % 90)
        rumour = random.random() < (0.7 if time.month == 2 else 0.1)
        yield Row(
            "reintel",
            f"public_train:{i}",
            _say(random, ["tin", "khẩn", "mật", "lộ"] if rumour else ["công", "bố"], i),
            Head.RELIABILITY,
            {Label.UNRELIABLE: rumour},
            source_label=str(int(rumour)),
            time=time,
            facets={"likes": str(random.randrange(900 if rumour else 90))},
        )


def _comments() -> Iterator[Row]:
    random = Random(2)
    for i in range(400):
        abusive = i % 3 == 0
        text = _say(random, ["ngu", "dốt", "câm", "mồm"] if abusive else ["hay"], i)
        yield _comment(i, text, abusive=abusive)
    yield _comment(400, EVIL, abusive=False)


def _comment(i: int, text: str, *, abusive: bool) -> Row:
    labels = {Label.ABUSIVE: abusive, Label.HATE: False}
    name = f"{('dev', 'train')[i % 7 > 0]}:{i}"
    return Row("vihsd", name, text, Head.HARM, labels, source_label=str(int(abusive)))


def _highlights() -> Iterator[Row]:
    for row in list(_comments())[:300]:
        at = row.text.find("ngu")
        spans = ((at, at + 3),) if at >= 0 else ()
        name = "marked" if spans else "unmarked"
        yield Row(
            "vihos",
            row.row_id,
            row.text,
            Head.HIGHLIGHTS,
            source_label=name,
            spans=spans,
        )


def _claims() -> Iterator[Row]:
    random = Random(3)
    for i in range(240):
        evidence = _say(random, ["thành", "phố", str(i)], i)
        yield Row(
            "vifactcheck",
            f"{('train', 'dev', 'test')[i % 3]}:{i}",
            f"{evidence} đúng" if i % 2 else _say(random, ["không", "hề"], i),
            Head.CLAIM,
            source_label=str(i % 2),
            groups={"url": f"u{i // 4}"},
            evidence=evidence,
            facets={"outlet": f"bao{i % 2}.example"},
        )


def _say(random: Random, words: list[str], i: int) -> str:
    others = random.choices(["trời", "nhà", "ăn", "đi", "cơm", "xe", "mưa", "bạn"], k=5)
    return " ".join([*others, *random.sample(words, min(2, len(words))), f"n{i}"])


def _first(keys: Sequence[str]) -> Ints:
    first: dict[str, int] = {}
    return np.array(
        [first.setdefault(k, i) for i, k in enumerate(keys)], dtype=np.int64
    )
