"""Copies are found, also disguised, and contradictions are settled."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiemtin.text.syllables import strip_marks
from training.pool import (
    MIN_WORDS,
    cluster,
    equal_texts,
    text_key,
)

POST = "Bộ Y tế khuyến cáo người dân không tự ý mua thuốc về uống tại nhà"
OTHER = "Đội tuyển vào chung kết sau loạt sút luân lưu nghẹt thở đêm qua"

words = st.sampled_from(
    ["ăn", "cơm", "chưa", "bạn", "ơi", "đi đâu", "nhà", "vui", "không"]
)
texts = st.lists(words, max_size=12).map(" ".join)


@pytest.mark.parametrize(
    "copy",
    [
        POST,
        POST.upper(),
        strip_marks(POST),
        f"  {POST}\u200b ",
        POST.replace("Bộ", "Bô\u0323"),
        f"{POST} !!",
    ],
)
def test_copy_is_found(copy: str) -> None:
    """A copy in other case, marks, spaces, forms or with a tail is one cluster."""
    assert cluster([POST, OTHER, copy]).tolist() == [0, 1, 0]


def test_short_texts_are_alike_only_if_equal() -> None:
    """Two short comments that differ in a word are two comments."""
    assert cluster(
        ["hay quá đi thôi", "hay quá đi thôi!", "Hay quá đi thôi"]
    ).tolist() == [
        0,
        1,
        0,
    ]


def test_one_number_makes_no_other_message() -> None:
    """Messages from one template, with other sums, are one cluster."""
    template = (
        "Quy khach co {} dong trong tai khoan. Bam goi *098# de biet chi tiet uu "
        "dai danh rieng cho thue bao tra truoc trong thang nay, ap dung den het ngay 30"
    )

    assert cluster(
        [template.format(n) for n in ("31.415", "7.156", "12.000")]
    ).tolist() == [
        0,
        0,
        0,
    ]


def test_nothing_has_no_clusters() -> None:
    """No texts, no clusters, no error; an empty text is a text."""
    assert cluster([]).tolist() == []
    assert cluster(["", "", "a"]).tolist() == [0, 0, 2]


@settings(deadline=None)
@given(st.lists(texts, max_size=30), st.integers(0, 3))
def test_clusters_hold_what_is_alike_and_nothing_else(
    many: list[str], seed: int
) -> None:
    """A cluster is held together by verified pairs, and clear copies are never missed."""
    keys = [text_key(t) for t in many]
    pairs = list(combinations(range(len(many)), 2))

    clusters = cluster(many, seed=seed).tolist()

    likeness = {(i, j): _likeness(keys[i], keys[j]) for i, j in pairs}
    allowed = _components(len(many), [p for p in pairs if likeness[p] >= 0.8])
    assert all(allowed[i] == allowed[j] for i, j in pairs if clusters[i] == clusters[j])
    assert all(clusters[i] == clusters[j] for i, j in pairs if likeness[i, j] >= 0.9)


@settings(deadline=None)
@given(st.lists(texts, max_size=20))
def test_cluster_is_named_by_its_first_text(many: list[str]) -> None:
    """The name of a cluster is the smallest index in it."""
    clusters = cluster(many)

    for name in set(clusters.tolist()):
        assert np.flatnonzero(clusters == name)[0] == name


def test_equal_texts_keep_their_marks() -> None:
    """Where a mark makes another word, texts are not taken for equal."""
    assert equal_texts(["Bò ngon", "bò  ngon", "bo ngon"]).tolist() == [0, 0, 2]


def _likeness(a: str, b: str) -> float:
    if a == b or min(len(a.split()), len(b.split())) < MIN_WORDS:
        return float(a == b)
    one, two = ({t[i : i + 5] for i in range(len(t) - 4)} for t in (a, b))
    return len(one & two) / len(one | two)


def _components(n: int, pairs: list[tuple[int, int]]) -> list[int]:
    names = list(range(n))
    for _ in range(n):
        for i, j in pairs:
            names[i] = names[j] = min(names[i], names[j])
    return names
