"""What people do to get past a filter is undone, and what they mean honestly is kept."""

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiemtin.text import normalize
from kiemtin.text.steps import STEPS
from tests.fixtures.published import published_corpora


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Bình luận n.g.u như này", "Bình luận ngu như này"),
        ("th.a.ng h.e.n, đ.m m", "thang hen, địt mẹ m"),
        ("Q.u.y k.h.a.c.h con 1 thu.n.g qua", "Quy khach con 1 thung qua"),
        ("nhận rút tiền t.h.ẻ t.í.n d.ụ.n.g", "nhận rút tiền thẻ tín dụng"),
        ("bán s.e.o, tăng l.i.k.e", "bán seo, tăng like"),
        ("đúng là đồ đ ầ u đ ấ t, đọc", "đúng là đồ đầu đất, đọc"),
        ("l u b e d e nay", "lu be de nay"),
        ("làm b ằ n g  c ấ p, giấy phép", "làm bằng cấp, giấy phép"),
        ("Mặt màу như сái thớt", "Mặt mày như cái thớt"),
        ("vсl thằng nàу, đéо biết", "vãi cả lồn thằng này, đéo biết"),
        ("Тa đã bị lừa, pha sоdа", "Ta đã bị lừa, pha soda"),
        ("ăn c\u200bứt, đ\u200bồ n\u200bgu", "ăn cứt, đồ ngu"),
        ("ｎｇｕ như bò, 𝐍𝐆𝐔, ᴺᴳᵁ", "ngu như bò, NGU, NGU"),
        ("đồ n9u si, 0c ch0", "đồ ngu si, oc cho"),
        ("V4Y NHANH 5OTR, 1O PHUT, ZALO O9OO 0O0 355", None),
        ("1 like 2Ok, ngày 5OOk", "1 like <money>, ngày <money>"),
        ("n̸g̷u̶ &#110;gu &amp;#110;gu", "ngu ngu ngu"),
        ("cút gapppp, chánnnn, quáaaa", "cút gap, chán, quá"),
        ("đ\u3164ồ n.g.u", "đ ồ ngu"),
    ],
)
def test_evasion_is_undone(written: str, meant: str | None) -> None:
    """Dots, spaces, other alphabets, what nobody sees, styles, digits and stretches."""
    meant = meant or "VAY NHANH <money>, 10 PHUT, ZALO <phone>"

    assert normalize(written).text == meant


@pytest.mark.parametrize(
    "text",
    [
        "sang nay an to bun bo voi qua trung cut lon",
        "can mua thung bia lon ve dam gio",
        "vit quay long mach, dit vit nuong gion",
        "con chim cu gáy về lồng, cu kêu vang cả vườn",
        "vuon rop buoi nam roi voi buoi da xanh",
        "tui deo kinh, ngu gat, uong nuoc me da",
        "Dì Dịt, chị Lồng, anh Cu, bà Đĩnh, bé Bướm",
        "đàn chó cảnh mới đẻ, lon nước, cặc kè cọc cạch",
        "óc heo, dồi chó, địt mũi vì viêm xoang",
    ],
)
def test_dishes_and_names_mean_what_they_meant(text: str) -> None:
    """Words that look like slurs without their marks are not touched."""
    assert normalize(text).text == text


def _comments(folder: Path) -> Iterator[str]:
    for name in ("ViCTSD_train.csv", "ViCTSD_valid.csv"):
        with (folder / "victsd" / name).open(encoding="utf-8-sig", newline="") as lines:
            yield from (row["Comment"] for row in csv.DictReader(lines))


def test_clean_comments_are_hardly_touched() -> None:
    """Of a thousand comments under news, few look split, drawn or written in digits."""
    comments = [normalize(c) for c in _comments(published_corpora())]
    touched = {
        step: 1000 * sum(step in c.trace for c in comments) / len(comments)
        for step in STEPS
    }

    assert len(comments) > 8000
    assert touched["split_letters"] < 1.5
    assert touched["digits"] < 1.5
    assert touched["look_alikes"] < 1.5
    assert touched["teencode"] < 250
