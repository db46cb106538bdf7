"""Links, e-mail addresses, mentions and phone numbers become typed placeholders."""

import re
from collections.abc import Iterator

from kiemtin.text.offsets import Edit

PLACEHOLDERS = ("<url>", "<email>", "<phone>", "<user>")
"""What stands in a normalized text for what was there; tokens of every tokenizer."""

_DOMAINS = (
    "com|net|org|info|vn|me|io|co|gl|ly|top|xyz|club|vip|shop|online|site|asia|cc"
)

# Every branch starts with a fixed set and has bounded repeats: linear in the text.
# Published sets mask the same things as <URL>, <PHONE>, <person> or runs of zeros.
_PATTERN = re.compile(
    rf"""
      (?P<mask><\ ?(?:url|link|email|phone|user|person)\ ?>)
    | (?P<email>(?<![\w.+-])[\w.+-]{{1,64}}@[\w-]{{1,63}}(?:\.[\w-]{{1,63}}){{1,8}})
    | (?P<url>(?:https?://|\bwww\.)[^\s<>"]{{1,2048}}
        |(?<![\w@.-])(?:[a-z0-9-]{{1,63}}\.){{1,4}}(?:{_DOMAINS})\b(?:/[^\s<>"]{{0,2048}})?)
    | (?P<user>(?<![\w@])@[\w.]{{2,50}})
    | (?P<phone>(?<![\w.,])(?:
          (?:\+?84|0)(?:[ .-]?\d){{8,10}}
        | 1[89]00(?:[ .-]?\d){{4,6}}
        | \d{{8,15}})(?!\w))
    """,
    re.VERBOSE | re.IGNORECASE,
)
_HINT = re.compile(r"[@<]|://|\.[a-z]|\d{4}|\d[ .-]\d", re.IGNORECASE)
_MASKS = {"link": "<url>", "person": "<user>"}


def find(text: str) -> Iterator[Edit]:
    """Yield a replacement for each link, address, mention and phone number."""
    if not _HINT.search(text):
        return
    for m in _PATTERN.finditer(text):
        kind = m.lastgroup
        if kind == "mask":
            name = m[0].strip("<> ").lower()
            yield Edit(m.start(), m.end(), _MASKS.get(name, f"<{name}>"))
        else:
            yield Edit(m.start(), m.end(), f"<{kind}>")
