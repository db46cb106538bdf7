"""Nothing that a model has seen, nor a copy of it, is what it is measured on."""

import random
from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiemtin.labels import Label
from training.corpora import CORPORA, Head, Row
from training.pool import cluster
from training.preparation.load import read_rows
from training.preparation.manifest import read_manifest
from training.splits import (
    GROUPED,
    SPLIT_VERSION,
    Split,
    digest,
    group_of,
    split,
    time_split,
)

MEASURED = {Split.TRAIN, Split.DEV, Split.TEST}
PROTECTED = {Split.PROTECTED_DEV, Split.PROTECTED_TEST}
START = datetime(2020, 3, 1, tzinfo=UTC)


KINDS = GROUPED
_HEADS = {
    "vihsd": Head.HARM,
    "safesense": Head.HARM,
    "vifactcheck": Head.CLAIM,
    "protected_speech": Head.PROTECTED,
}


@st.composite
def pools(draw: st.DrawFn) -> tuple[list[Row], list[int]]:
    """Rows of four corpora, some with groups, in clusters that cross all of them."""
    corpora = draw(st.lists(st.sampled_from(list(_HEADS)), max_size=40))
    names = st.sampled_from("ABCDEF")
    rows = [
        Row(
            c, f"train:{i}", f"x{i}", _HEADS[c], groups={KINDS.get(c, "x"): draw(names)}
        )
        for i, c in enumerate(corpora)
    ]
    return rows, [draw(st.integers(0, i)) for i in range(len(rows))]


@settings(deadline=None)
@given(pools(), st.integers(0, 5))
def test_nothing_crosses(pool: tuple[list[Row], list[int]], seed: int) -> None:
    """No cluster and no title is in two splits, and no copy of protected text trains."""
    rows, clusters = pool

    _check(rows, clusters, split(rows, clusters, seed=seed))


@settings(deadline=None)
@given(pools(), st.integers(0, 5), st.randoms(use_true_random=False))
def test_order_of_rows_decides_nothing(
    pool: tuple[list[Row], list[int]], seed: int, rng: random.Random
) -> None:
    """The same rows in another order get the same splits and the same digest."""
    rows, clusters = pool
    order = list(range(len(rows)))
    rng.shuffle(order)
    shuffled = [rows[i] for i in order]

    before = split(rows, clusters, seed=seed)
    after = split(shuffled, [clusters[i] for i in order], seed=seed)

    assert after == [before[i] for i in order]
    assert digest(shuffled, after) == digest(rows, before)


def test_change_of_rules_has_a_version() -> None:
    """Whoever changes where rows go bumps SPLIT_VERSION, and then this digest."""
    rows = [
        *[_titled(i, f"tựa {i % 30}") for i in range(300)],
        *[
            Row(
                "victsd",
                f"ViCTSD_train:{i}",
                "x",
                Head.HARM,
                groups={"title": f"{i % 40}"},
            )
            for i in range(200)
        ],
        *[Row("vihos", f"train:{i}", "x", Head.HIGHLIGHTS) for i in range(100)],
        *_rows(200, dated=True),
    ]
    clusters = [i * 7 % 601 for i in range(len(rows))]

    found = digest(rows, split(rows, clusters, seed=7), time_split(rows, clusters))

    assert (SPLIT_VERSION, found[:19]) == (2, "sha256:2c6b4e67ba80")


def test_seed_decides() -> None:
    """Another seed is another split, with another digest."""
    rows = _rows(100)
    one, two = (split(rows, range(100), seed=s) for s in (1, 2))

    assert one != two
    assert digest(rows, one) != digest(rows, two)


def test_shares_are_kept() -> None:
    """Rows that have no copies fall into the splits in the shares that were asked for."""
    n = Counter(split(_rows(5000), range(5000), seed=0))

    assert n[Split.TRAIN] == pytest.approx(4000, rel=0.05)
    assert n[Split.DEV] == pytest.approx(500, rel=0.2)
    assert n[Split.TEST] == pytest.approx(500, rel=0.2)


def test_titles_fill_test_and_dev() -> None:
    """Titles are dealt out so that test and dev get their share, never more."""
    rows = [_titled(i, f"tựa số {i % 25}") for i in range(1000)]

    n = Counter(split(rows, range(1000), seed=3))

    assert (n[Split.TEST], n[Split.DEV]) == (80, 80)


def test_spelling_of_a_title_is_no_way_out() -> None:
    """A title that was cut or marked differently is the same title."""
    title = "Vụ xe phân khối lớn đâm vào đôi bạn trẻ trên phố, video hành trình ghi lại cảnh"
    names = [title, f"{title} ‼", *"ABCDEFGHIJKLMNOPQRST"]
    rows = [_titled(i, name) for i, name in enumerate(names)]

    homes = [split(rows, range(len(rows)), seed=s)[:2] for s in range(20)]

    assert all(a == b for a, b in homes)
    assert len({a for a, _ in homes}) > 1


def test_comment_under_parted_titles_is_held_out() -> None:
    """A comment that ties a title of train to one of test is in neither."""
    names = "ABCDEFGHIJ"
    rows = [_titled(i, name) for i, name in enumerate(names * 4)]

    out = split(rows, [*range(30), *[30] * 10], seed=0)

    assert set(out[:30]) == MEASURED
    assert set(out[30:]) == {Split.HELD_OUT}


def test_spelling_of_an_address_is_no_way_out() -> None:
    """An article is one article under www, in capitals or with a tracking tail."""
    path = "bao.example/tin-{}.html"
    rows = [
        Row("vifactcheck", f"train:{i}", "x", Head.CLAIM, groups={"url": url})
        for i, url in enumerate(
            [f"https://{path.format(7)}", f"https://WWW.{path.format(7)}?utm=1"]
            + [f"https://{path.format(n)}" for n in range(100, 120)]
        )
    ]

    homes = [split(rows, range(len(rows)), seed=s)[:2] for s in range(20)]

    assert all(a == b for a, b in homes)
    assert len({a for a, _ in homes}) > 1


def test_corpus_that_comes_later_moves_nothing() -> None:
    """A new corpus whose rows copy old ones leaves the old ones where they were."""
    old = _rows(300)
    new = [Row("vihos", f"train:{i}", "x", Head.HIGHLIGHTS) for i, _ in enumerate(old)]

    before = split(old, range(300), seed=0)
    after = split([*new, *old], [*range(300), *range(300)], seed=0)

    assert after == before * 2


def test_earlier_posts_train_later_ones_test() -> None:
    """The latest posts test, those just before tune, and what came first trains."""
    rows = [*_rows(10, dated=True), *_rows(1)]

    out = time_split(rows, range(11))

    assert out == [
        *[Split.TRAIN] * 7,
        Split.DEV,
        *[Split.TEST] * 2,
        Split.HELD_OUT,
    ]


def test_earlier_copy_of_a_later_post_is_held_out() -> None:
    """What comes up again in the test was not trained on."""
    rows = _rows(10, dated=True)
    clusters = [0, 1, 2, 3, 4, 5, 6, 7, 2, 9]

    assert time_split(rows, clusters)[2] is Split.HELD_OUT


@settings(deadline=None)
@given(st.lists(st.integers(0, 9), max_size=30), st.integers(0, 5))
def test_no_cluster_crosses_time(clusters: list[int], seed: int) -> None:
    """Whatever the clusters, none is in two of the splits by time."""
    rows = _rows(len(clusters), dated=True)
    random.Random(seed).shuffle(rows)

    by_cluster = defaultdict(set)
    for c, s in zip(clusters, time_split(rows, clusters), strict=True):
        by_cluster[c].add(s)

    assert all(len(s - {Split.HELD_OUT}) <= 1 for s in by_cluster.values())


def test_protected_copy_is_in_no_time_split() -> None:
    """A post that is protected speech neither trains nor tests."""
    rows = [
        *_rows(5, dated=True),
        Row("protected_speech", "dev:1", "x", Head.PROTECTED),
    ]

    out = time_split(rows, [0, 1, 2, 3, 4, 0])

    assert (out[0], out[5]) == (Split.HELD_OUT, None)


def test_undated_posts_have_no_time_split() -> None:
    """Without a time there is no before and no after; other corpora have no such split."""
    assert time_split(_rows(2), range(2)) == [Split.HELD_OUT] * 2
    assert time_split([_titled(0, "A")], [0]) == [None]


@pytest.mark.slow
def test_nothing_crosses_on_the_published_corpora(prepared_published: Path) -> None:
    """On the real rows nothing crosses, every corpus is measured, and no row is lost."""
    homes = {s: list(read_rows(prepared_published, s)) for s in Split}
    rows = [r for found in homes.values() for r in found]
    out = [s for s, found in homes.items() for _ in found]
    clusters = cluster([r.text for r in rows]).tolist()

    _check(rows, clusters, out)
    counts = Counter((r.corpus, s) for r, s in zip(rows, out, strict=True))
    for name in CORPORA.keys() - {"protected_speech"}:
        assert all(counts[name, s] for s in MEASURED)
    manifest = read_manifest(prepared_published)
    n_lost = sum(
        x.get("crosses", 0) + x.get("protected_copy", 0)
        for x in manifest.left_out.values()
    )
    assert 0 < n_lost < 0.005 * len(rows)


def _rows(n: int, *, dated: bool = False) -> list[Row]:
    return [
        Row(
            "reintel",
            f"public_train:{i}{'' if dated else ':undated'}",
            "x",
            Head.RELIABILITY,
            {Label.UNRELIABLE: False},
            time=START + timedelta(days=i) if dated else None,
        )
        for i in range(n)
    ]


def _titled(i: int, title: str) -> Row:
    return Row("safesense", f"train:{i}", "x", Head.HARM, groups={"title": title})


def _check(rows: Sequence[Row], clusters: Sequence[int], out: Sequence[Split]) -> None:
    by_cluster: defaultdict[int, set[Split]] = defaultdict(set)
    by_group: defaultdict[tuple[str, str], set[Split]] = defaultdict(set)
    protected = {
        c for r, c in zip(rows, clusters, strict=True) if r.head is Head.PROTECTED
    }
    for row, c, s in zip(rows, clusters, out, strict=True):
        assert (s in PROTECTED) == (row.head is Head.PROTECTED)
        assert c not in protected or s not in MEASURED
        by_cluster[c].add(s)
        if group := group_of(row):
            by_group[group].add(s)
    assert all(len(s & MEASURED) <= 1 for s in by_cluster.values())
    assert all(len(s & PROTECTED) <= 1 for s in by_cluster.values())
    assert all(len(s & MEASURED) <= 1 for s in by_group.values())
