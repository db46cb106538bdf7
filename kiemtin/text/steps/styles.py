"""Full-width, styled and small letters (ｓａｌｅ, 𝐬𝐚𝐥𝐞, ⓢⓐⓛⓔ, ꜱᴀʟᴇ) become plain ones."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from itertools import chain

from kiemtin.text.offsets import Edit

# Mathematical alphanumerics, full-width forms, letterlike symbols, parenthesized and
# circled letters, raised and lowered letters, ligatures, squared letters: Unicode
# knows what they are. ™ and № are words of their own, m² is an area.
_KNOWN = chain(
    range(0x1D400, 0x1D800),
    range(0xFF01, 0xFF5F),
    range(0x2100, 0x2180),
    range(0x249C, 0x24EA),
    range(0x02B0, 0x02E5),
    range(0x1D2C, 0x1DC0),
    range(0x2090, 0x209D),
    (0x2071, 0x207F, 0x2C7C, 0x2C7D, 0xA7F2, 0xA7F3, 0xA7F4),
    range(0x10780, 0x107BB),
    range(0xFB00, 0xFB07),
    range(0x1F110, 0x1F14A),
)
_UNKNOWN = {0x1F150: "A", 0x1F170: "A"}
"""Where Unicode has 26 letters on a dark ground, but does not say which letters."""

_SMALL_CAPITALS = dict(
    zip("ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘǫꞯʀꜱᴛᴜᴠᴡʏᴢ", "abcdefghijklmnopqqrstuvwyz", strict=True)
)


def _plain() -> Iterator[tuple[str, str]]:
    for c in map(chr, _KNOWN):
        plain = unicodedata.normalize("NFKC", c)
        letter = plain.strip("()〔〕") or plain
        if c not in "™℠℡№" and (letter.isalnum() or len(plain) == 1):
            yield c, letter
    yield "℅", "%"
    for first in _UNKNOWN:
        yield from ((chr(first + i), chr(ord("A") + i)) for i in range(26))
    yield from _SMALL_CAPITALS.items()


_PLAIN = dict(_plain())
# The blocks they are in: a set of single letters would be slow to search for.
_STYLED = re.compile(
    "[\u02b0-\u02b8\u0262-\u02ff\u1d00-\u1dbf\u2071-\u209c\u2100-\u217f\u2c7c\u2c7d\u249c-\u24e9"
    "\ua700-\ua7ff\ufb00-\ufb06\uff01-\uff5e\U00010780-\U000107ba\U0001d400-\U0001d7ff\U0001f110-\U0001f189]"
)
# Two regional indicators make a flag, one alone is a letter in a box. One circled
# digit counts a list, more of them are a number.
_FLAG = re.compile("[\U0001f1e6-\U0001f1ff]+")
_FLAG_A = 0x1F1E6
_CIRCLED = re.compile("[⓪①-⑨⓿❶-❾➀-➈➊-➒]{2,}")


def find(text: str) -> Iterable[Edit]:
    """Return a replacement for each styled character, the plain one."""
    if text.isascii():
        return ()
    boxed = [*_boxed(text), *_circled(text)]
    return sorted([*boxed, *_styled(text)]) if boxed else _styled(text)


def _styled(text: str) -> Iterator[Edit]:
    for m in _STYLED.finditer(text):
        if m[0] in _PLAIN:
            yield Edit(m.start(), m.end(), _PLAIN[m[0]])


def _boxed(text: str) -> Iterator[Edit]:
    for m in _FLAG.finditer(text):
        if len(m[0]) % 2:
            for i in range(*m.span()):
                yield Edit(i, i + 1, chr(ord(text[i]) - _FLAG_A + ord("A")))


def _circled(text: str) -> Iterator[Edit]:
    for m in _CIRCLED.finditer(text):
        for i in range(*m.span()):
            yield Edit(i, i + 1, str(unicodedata.digit(text[i])))
