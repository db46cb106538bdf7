"""Nothing that a model has seen, nor a copy of it, is what it is measured on."""

import random
from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiemtin.labels import Label
from tests.fixtures.published import published_corpora
from training.corpora import CORPORA, Row, read_corpus
from training.pool import cluster
from training.splits import Split, digest, split, time_split

MEASURED = {Split.TRAIN, Split.DEV, Split.TEST}
PROTECTED = {Split.PROTECTED_DEV, Split.PROTECTED_TEST}
START = datetime(2020, 3, 1, tzinfo=UTC)


@st.composite
def pools(draw: st.DrawFn) -> tuple[list[Row], list[int]]:
    """Rows of three corpora, some with titles, in clusters that cross all of them."""
    corpora = draw(
        st.lists(
            st.sampled_from(["vihsd", "safesense", "protected_speech"]), max_size=40
        )
    )
    rows = [
        Row(c, f"train:{i}", f"x{i}", {}, group=draw(st.sampled_from("ABCDEF")))
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
    rows = [
        Row("safesense", f"train:{i}", "x", {}, group=f"tựa số {i % 25}")
        for i in range(1000)
    ]

    n = Counter(split(rows, range(1000), seed=3))

    assert (n[Split.TEST], n[Split.DEV]) == (80, 80)


def test_spelling_of_a_title_is_no_way_out() -> None:
    """A title that was cut or marked differently is the same title."""
    title = "Vụ xe phân khối lớn đâm vào đôi bạn trẻ trên phố, video hành trình ghi lại cảnh"
    names = [title, f"{title} ‼", *"ABCDEFGHIJKLMNOPQRST"]
    rows = [
        Row("safesense", f"train:{i}", "x", {}, group=g) for i, g in enumerate(names)
    ]

    homes = [split(rows, range(len(rows)), seed=s)[:2] for s in range(20)]

    assert all(a == b for a, b in homes)
    assert len({a for a, _ in homes}) > 1


def test_comment_under_parted_titles_is_held_out() -> None:
    """A comment that ties a title of train to one of test is in neither."""
    names = "ABCDEFGHIJ"
    rows = [
        Row("safesense", f"train:{i}", "x", {}, group=g)
        for i, g in enumerate(names * 4)
    ]

    out = split(rows, [*range(30), *[30] * 10], seed=0)

    assert set(out[:30]) == MEASURED
    assert set(out[30:]) == {Split.HELD_OUT}


def test_later_posts_test_earlier_ones_train() -> None:
    """The latest fifth of the dated posts tests what was learnt before."""
    rows = [*_rows(10, dated=True), *_rows(1)]

    out = time_split(rows, range(11))

    assert out == [Split.TRAIN] * 8 + [Split.TEST] * 2 + [Split.HELD_OUT]


def test_earlier_copy_of_a_later_post_is_held_out() -> None:
    """What comes up again in the test was not trained on."""
    rows = _rows(10, dated=True)
    clusters = [0, 1, 2, 3, 4, 5, 6, 7, 2, 9]

    assert time_split(rows, clusters)[2] is Split.HELD_OUT


def test_protected_copy_is_in_no_time_split() -> None:
    """A post that is protected speech neither trains nor tests."""
    rows = [*_rows(5, dated=True), Row("protected_speech", "dev:1", "x", {})]

    out = time_split(rows, [0, 1, 2, 3, 4, 0])

    assert (out[0], out[5]) == (Split.HELD_OUT, Split.HELD_OUT)


def test_undated_posts_have_no_time_split() -> None:
    """Without a time there is no before and no after."""
    assert time_split(_rows(2), range(2)) == [Split.HELD_OUT] * 2


@pytest.mark.slow
def test_nothing_crosses_on_the_published_corpora() -> None:
    """On the real rows nothing crosses, every corpus is measured, and hardly a row is lost."""
    rows = [
        r
        for name in CORPORA
        for r in read_corpus(name, published_corpora())[0]
        if _kept(name, r)
    ]
    clusters = cluster([r.text for r in rows]).tolist()

    out = split(rows, clusters, seed=0)

    _check(rows, clusters, out)
    counts = Counter((r.corpus, s) for r, s in zip(rows, out, strict=True))
    for name in CORPORA.keys() - {"protected_speech"}:
        assert all(counts[name, s] for s in MEASURED)
    assert out.count(Split.HELD_OUT) < 0.005 * len(rows)


def _kept(name: str, row: Row) -> bool:
    """Keep a sixth of the large corpora: the test is about rules, not about size."""
    small = {"safesense", "protected_speech", "ie403_smishing", "reintel"}
    return name in small or int(row.row_id.split(":")[1]) % 6 == 0


def _rows(n: int, *, dated: bool = False) -> list[Row]:
    return [
        Row(
            "reintel",
            f"public_train:{i}{'' if dated else ':undated'}",
            "x",
            {Label.UNRELIABLE: False},
            time=START + timedelta(days=i) if dated else None,
        )
        for i in range(n)
    ]


def _check(rows: Sequence[Row], clusters: Sequence[int], out: Sequence[Split]) -> None:
    by_cluster: defaultdict[int, set[Split]] = defaultdict(set)
    by_title: defaultdict[str, set[Split]] = defaultdict(set)
    protected = {
        c for r, c in zip(rows, clusters, strict=True) if r.corpus == "protected_speech"
    }
    for row, c, s in zip(rows, clusters, out, strict=True):
        assert (s in PROTECTED) == (row.corpus == "protected_speech")
        assert c not in protected or s not in MEASURED
        by_cluster[c].add(s)
        if row.corpus == "safesense" and row.group is not None:
            by_title[row.group].add(s)
    assert all(len(s & MEASURED) <= 1 for s in by_cluster.values())
    assert all(len(s & PROTECTED) <= 1 for s in by_cluster.values())
    assert all(len(s & MEASURED) <= 1 for s in by_title.values())
