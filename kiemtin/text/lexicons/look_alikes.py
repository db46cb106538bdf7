"""
Which letters of other alphabets are taken for Latin ones.

The rows ``unicode`` of look_alikes.tsv are the letters that Unicode calls confusable
with one letter of ASCII (UTS 39, confusables.txt as confusable-homoglyphs 3.3.1 packs
it); the rows ``own`` are what people use besides. Styled letters have their own step.
"""

import unicodedata
from collections.abc import Iterator
from importlib.resources import files

_TABLE = (files(__package__) / "look_alikes.tsv").read_text(encoding="utf-8")

DRAWN = {
    look_alike: letter
    for letter, drawn, _ in (line.split("\t") for line in _TABLE.splitlines()[1:])
    for look_alike in drawn
}
"""The Latin letter by each letter that is drawn like it."""

# The blocks of Latin, Greek and Cyrillic letters that carry marks of their own.
_MARKED = (range(0xC0, 0x250), range(0x370, 0x530), range(0x1E00, 0x2000))
_VOWELS = "aăâeêioôơuưyAĂÂEÊIOÔƠUƯY"
_TONES = ("", *"\u0300\u0301\u0303\u0309\u0323")
_MARKED_VOWELS = {unicodedata.normalize("NFC", v + t) for v in _VOWELS for t in _TONES}
VIETNAMESE = frozenset("đĐ") | {v for v in _MARKED_VOWELS if not v.isascii()}
"""The letters that Vietnamese has beyond ASCII."""

# A háček is taken for a breve: nǎm is năm.
_MARKS = str.maketrans({"\u030c": "\u0306"})


def _marked() -> Iterator[tuple[str, str]]:
    for c in (chr(code) for block in _MARKED for code in block):
        decomposed = unicodedata.normalize("NFD", c).translate(_MARKS)
        letter, marks = DRAWN.get(decomposed[0], decomposed[0]), decomposed[1:]
        if marks and letter.isascii() and letter.isalpha() and c not in VIETNAMESE:
            kept = unicodedata.normalize("NFC", letter + marks)
            yield c, kept if kept in VIETNAMESE else letter


LATIN = {**dict(_marked()), **DRAWN}
"""The Vietnamese letter by each that is taken for it, marks of other alphabets too."""
