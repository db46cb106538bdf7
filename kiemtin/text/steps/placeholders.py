"""Links, addresses, mentions, phone numbers and amounts become typed placeholders."""

import re
from collections.abc import Iterable, Iterator

from kiemtin.text.offsets import Edit
from kiemtin.text.steps import numbers

PLACEHOLDERS = ("<url>", "<email>", "<phone>", "<user>", "<money>")
"""What stands in a normalized text for what was there; tokens of every tokenizer."""

_DOMAINS = (
    "com|net|org|info|vn|me|io|co|gl|ly|top|xyz|club|vip|shop|online|site|asia|cc"
)
_MASKS = {"link": "url", "person": "user"}

# Published sets mask the same things as <URL>, <PHONE>, <person> or runs of zeros.
_MASK = re.compile(r"<\ ?(url|link|email|phone|user|person|money)\ ?>", re.IGNORECASE)
# All patterns have bounded repeats: linear in the text.
_AT = re.compile(
    r"(?P<email>(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8})"
    r"|(?P<user>(?<![\w@])@\w[\w.]{1,49}(?:@\w[\w.]{1,49})*)"
)
_URL = re.compile(
    r"""(?:https?://|\bwww\.)[^\s<>"]{1,2048}|(?<![\w@.-])(?:[a-z0-9][a-z0-9-]{0,62}\.){1,4}"""
    rf"""(?:{_DOMAINS})\b(?:/[^\s<>"]{{0,2048}})?""",
    re.IGNORECASE,
)
_HINT = re.compile(r"[@<\d]|\.[A-Za-z]")
_WWW = re.compile(r"[wW]{3}\.")
_URL_HINT = re.compile(rf"\.(?:{_DOMAINS})\b", re.IGNORECASE)


def find(text: str) -> Iterable[Edit]:
    """Return a replacement for each link, address, mention, number and amount."""
    return _edits(text) if _HINT.search(text) else ()


def _edits(text: str) -> Iterator[Edit]:
    found = list(_addresses(text))
    at = 0
    # The masks and addresses of a text are few, its numbers may be a million.
    for start, end, kind in (
        sorted([*found, *numbers.found(text)]) if found else numbers.found(text)
    ):
        if start >= at:
            yield Edit(start, end, kind)
            at = end


def _addresses(text: str) -> Iterator[tuple[int, int, str]]:
    if "<" in text:
        for m in _MASK.finditer(text):
            if m[0] not in PLACEHOLDERS:
                kind = m[1].lower()
                yield m.start(), m.end(), f"<{_MASKS.get(kind, kind)}>"
    if "@" in text:
        for m in _AT.finditer(text):
            yield m.start(), m.end(), f"<{m.lastgroup}>"
    if "//" in text or _WWW.search(text) or _URL_HINT.search(text):
        for m in _URL.finditer(text):
            yield m.start(), m.end(), "<url>"
