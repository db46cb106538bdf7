"""Which numbers of a text are telephone numbers, and which are amounts of money."""

import re
from collections.abc import Iterator

_NUMBER = re.compile(r"\d[\d.,]*")
_MASK = re.compile("<(?:url|email|phone|user|money)>$")
_N_MASK = 7
_COINS = frozenset("$€")
_BEFORE = frozenset(".,+$€-/_")
"""After these, and after letters and digits, no number begins."""

# As they are dialled: mobile and land lines, the prefixes before 2018, hotlines; with
# the sign of a country any. The number of an account or an order is none of these.
_D = r"(?:[ .-]?\d)"
_PHONE = re.compile(
    rf"""(?:
      (?:\(?\+?84\)?[ .-]?(?:\(0\)[ ]?)?|\(?0)(?:
          [35789]{_D}{{8}} | 2\d{{1,2}}\)?{_D}{{7,8}} | 1[2689]{_D}{{8}})
    | 1[89]00{_D}{{4,6}}
    | \+[1-9]{_D}{{8,14}}
    | 0{{8,15}})(?!\w)""",
    re.VERBOSE,
)

_AMOUNT = r"(?:\d{1,3}(?:[.,]\d{3}){1,4}|\d{1,12}(?:[.,]\d{1,2})?)"
_LARGE = r"(?:\d{1,3}(?:[.,]\d{3}){1,4}|\d{3,12}|0)"
_UNIT = r"(?:nghìn|nghin|ngàn|ngan|triệu|trieu|tỷ|tỉ|ty)"
_COIN = r"(?:đồng|dong|vnđ|vnd|đô(?!\ (?:thị|vật))|usd|euro|đ|d|\$|€)"
# Of millions and thousands alone, people and cars are counted too: a noun follows.
_NO_NOUN = (
    r"(?!\s*[^\W\d])|(?=\s+(?:cho|để|de|là|la|thì|thi|và|va|hoặc|hay|một|mot|mỗi|moi|trở|tro|qua"
    r"|vào|vao|về|ve|tiền|tien|cọc|coc|phí|phi|thôi|thoi|ạ|nhé|nha|nhe|nên|mà|ma|trong|từ"
    r"|tu|đến|den|lãi|lai|không|khong|ko|với|voi|nữa|nua|rồi|roi|ngay|luôn|luon|thưởng)\b)"
)
_MONEY = re.compile(
    rf"""(?:\d{{1,4}}\ ?-\ ?)?(?:
      [$€]\ ?{_AMOUNT}(?:k|tr|m)?(?!\w)
    | {_AMOUNT}\ ?{_UNIT}(?:\ \d{{1,3}})?(?:\ rưỡi|\ ruoi)?(?:\ ?{_COIN}(?!\w)|(?!\w)(?:{_NO_NOUN}))
    | {_AMOUNT}\ ?(?:usd|euro|vnđ|vnd|\$|€|đô(?!\ (?:thị|vật)))(?!\w)
    | {_AMOUNT}\ ?tr(?:\d{{1,3}})?(?!\w)
    | {_LARGE}\ ?{_COIN}(?!\w)
    | (?:\d{{2,12}}|\d{{1,3}}[.,]\d{{1,3}})k(?!\w)(?!\s(?:follow|fl|like|sub|view|fan|km|lượt|người|mem|tym|share)))
    """,
    re.VERBOSE | re.IGNORECASE,
)


_MONEY_HINT = re.compile(r"[$€]|\d ?[a-zđA-ZĐ]")
_DIALLED = frozenset("0+(81")
"""What a telephone number begins with."""


def found(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield where each phone number and each amount stands, and its placeholder."""
    has_money = _MONEY_HINT.search(text) is not None
    m, at = _NUMBER.search(text), 0
    while m:
        start, end = m.span()
        if start and text[start - 1] != " ":
            start = _beginning(text, start, at)
        elif start > 1 and text[start - 2] in _COINS and start - 2 >= at:
            start -= 2
        if start >= 0:
            phone = text[start] in _DIALLED and _PHONE.match(text, start)
            number = phone or (has_money and _MONEY.match(text, start))
            if number:
                end = at = number.end()
                yield start, end, "<phone>" if phone else "<money>"
        m = _NUMBER.search(text, end)


def _beginning(text: str, start: int, at: int) -> int:
    """Return where a number begins with the signs before it, -1 if it does not here."""
    for signs in ("(+", "(", "+", "$", "€", ""):
        first = start - len(signs)
        if first >= at and text.startswith(signs, first) and not _goes_on(text, first):
            return first
    return -1


def _goes_on(text: str, start: int) -> bool:
    """Return whether what stands before *start* is a part of the number there."""
    before = text[start - 1 : start]
    if before == ">":
        # Or "$1$1" would take a pass for each amount.
        return _MASK.search(text, max(start - _N_MASK, 0), start) is not None
    return before.isalnum() or (before != "" and before in _BEFORE)
