"""Which numbers are dialled, and which are money."""

import pytest

from kiemtin.text.steps import numbers


def _kinds(text: str) -> list[tuple[str, str]]:
    return [(text[a:b], kind.strip("<>")) for a, b, kind in numbers.found(text)]


@pytest.mark.parametrize(
    "number",
    [
        "0912345678",
        "0912 345 678",
        "091.234.5678",
        "+84 912.345.678",
        "84912345678",
        "(+84) 912 345 678",
        "024 3826 1234",
        "(028) 3826 1234",
        "02363 123 456",
        "01691234567",
        "1900 1234",
        "18001090",
        "+1 650 253 0000",
        "0000000000",
    ],
)
def test_phone_numbers(number: str) -> None:
    """Mobile and land lines, old and new, from abroad, hotlines and masked ones."""
    assert _kinds(f"gọi {number}, nhé") == [(number, "phone")]


@pytest.mark.parametrize(
    "amount",
    [
        "500k",
        "1.5k",
        "2 triệu",
        "2 triệu rưỡi",
        "2tr5",
        "5tr",
        "1.000.000đ",
        "15.000 VND",
        "30000d",
        "20 tỷ đồng",
        "50 nghìn",
        "100$",
        "$5",
        "100 đô",
        "0 đồng",
        "500-700k",
    ],
)
def test_amounts_of_money(amount: str) -> None:
    """In coin or in thousands, written out or as in a chat."""
    assert _kinds(f"giá {amount} thôi") == [(amount, "money")]


@pytest.mark.parametrize(
    "text",
    [
        "stk 19034567890123",
        "12345678 cái",
        "năm 2024, ngày 12/03/2024",
        "01-02-2023 15",
        "Ma OTP la 482913",
        "3 triệu người, 5 nghìn ca",
        "3 đồng chí, 2 đồng hồ, 2 đô thị",
        "5k, 4k, 10k follow",
        "điểm 5đ, 10d",
        "1 tỉ lệ, 3 tỷ phú",
    ],
)
def test_other_numbers_are_left(text: str) -> None:
    """Accounts, dates, codes, and whatever else is counted in millions."""
    assert _kinds(text) == []


def test_neighbours_are_found_in_one_pass() -> None:
    """Amounts that touch do not wait for each other."""
    assert len(_kinds("1 nghìn 1 nghìn 1 nghìn")) == 3
    assert _kinds("<money>$1") == []
