"""Links, addresses, mentions and phone numbers say only what they are."""

from time import process_time

import pytest

from kiemtin.text.offsets import Edit, apply_edits
from kiemtin.text.steps import placeholders


def _masked(text: str) -> str:
    return apply_edits(text, placeholders.find(text))[0]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("xem https://vay-nhanh.top/a?b=c nhé", "xem <url> nhé"),
        ("vào www.lua.vn ngay", "vào <url> ngay"),
        ("bit.ly/abc", "<url>"),
        ("shopee.vn", "<url>"),
        ("LINK: HTTP://A.B", "LINK: <url>"),
        ("an.nguyen+1@gmail.com", "<email>"),
        ("@an.nguyen ơi", "<user> ơi"),
        ("gọi 0912 345 678", "gọi <phone>"),
        ("+84 912.345.678", "<phone>"),
        ("tổng đài 1900 1234", "tổng đài <phone>"),
        ("stk 19034567890123", "stk 19034567890123"),
        ("giá 1.500.000đ, 5tr", "giá <money>, <money>"),
        ("@an@ba ơi", "<user> ơi"),
        ("a.vn, (b.vn) -c.vn", "<url>, (<url>) -c.vn"),
        ("< URL > và <link>", "<url> và <url>"),
        ("<person> <phone> <MONEY>", "<user> <phone> <money>"),
    ],
)
def test_typed_placeholder(text: str, expected: str) -> None:
    """Each kind has its placeholder, also where a corpus masked it before."""
    assert _masked(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "đơn 12345678",
        "ngày 12/03/2024",
        "năm 2024",
        "3.5 điểm",
        "đi làm.com",
        "a @ b",
        "mua 100000 cái",
        "hết rồi.Mai quay lại",
        "<b>đậm</b>",
        "5 < 7 > 2",
    ],
)
def test_ordinary_numbers_and_dots_stay(text: str) -> None:
    """Prices, dates, short numbers and missing spaces are no addresses."""
    assert _masked(text) == text


def test_edit_covers_the_address_alone() -> None:
    """The words around it keep their places."""
    assert list(placeholders.find("gọi 0912345678 đi")) == [Edit(4, 14, "<phone>")]


@pytest.mark.parametrize(
    "piece", ["a.", "0 ", "@a", "1-", "http://", "a@a.", "<", "-."]
)
def test_time_is_linear(piece: str) -> None:
    """No text of the longest length keeps a core busy."""
    text = piece * (65_536 // len(piece))
    began = process_time()

    _masked(text)

    assert process_time() - began < 5
