"""Full-width, styled and small letters (ｓａｌｅ, 𝐬𝐚𝐥𝐞, ⓢⓐⓛⓔ, ꜱᴀʟᴇ) become plain ones."""

import re
import unicodedata
from collections.abc import Iterator
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
    range(0x02B0, 0x02B9),
    range(0x1D2C, 0x1D6B),
    range(0x2090, 0x209D),
    (0x2071, 0x207F),
    range(0xFB00, 0xFB07),
    range(0x1F110, 0x1F14A),
)
_UNKNOWN = {0x1F150: "A", 0x1F170: "A"}
"""Where Unicode has 26 letters on a dark ground, but does not say which letters."""

_SMALL_CAPITALS = dict(
    zip("ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘǫʀꜱᴛᴜᴠᴡʏᴢ", "abcdefghijklmnopqrstuvwyz", strict=True)
)
_LONGEST = 4
"""The numeral VIII is one character; longer ones are whole words."""


def _plain() -> Iterator[tuple[str, str]]:
    for c in map(chr, _KNOWN):
        plain = unicodedata.normalize("NFKC", c)
        letter = plain.strip("()〔〕")
        if c not in "™℠℡№" and (letter.isalnum() or len(plain) == 1):
            yield c, letter
    yield "℅", "%"
    for first in _UNKNOWN:
        yield from ((chr(first + i), chr(ord("A") + i)) for i in range(26))
    yield from _SMALL_CAPITALS.items()


_PLAIN = dict(_plain())
# The blocks they are in: a set of single letters would be slow to search for.
_STYLED = re.compile(
    "[\u02b0-\u02b8\u0262-\u02ff\u1d00-\u1d7f\u2071-\u209c\u2100-\u217f\u249c-\u24e9"
    "\ua700-\ua7ff\ufb00-\ufb06\uff01-\uff5e\U0001d400-\U0001d7ff\U0001f110-\U0001f189]"
)
# Two regional indicators make a flag, one alone is a letter in a box. One circled
# digit counts a list, more of them are a number.
_FLAG = re.compile("[\U0001f1e6-\U0001f1ff]+")
_CIRCLED = re.compile("[⓪①-⑨⓿❶-❾➀-➈➊-➒]{2,}")


def find(text: str) -> Iterator[Edit]:
    """Yield a replacement for each styled character, the plain one."""
    if text.isascii():
        return iter(())
    edits = [
        Edit(m.start(), m.end(), _PLAIN[m[0]])
        for m in _STYLED.finditer(text)
        if m[0] in _PLAIN
    ]
    for m in _FLAG.finditer(text):
        if len(m[0]) % 2:
            edits += (
                Edit(i, i + 1, chr(ord(text[i]) - 0x1F1A5)) for i in range(*m.span())
            )
    for m in _CIRCLED.finditer(text):
        edits += (
            Edit(i, i + 1, str(unicodedata.digit(text[i], 0))) for i in range(*m.span())
        )
    return iter(sorted(edits))
