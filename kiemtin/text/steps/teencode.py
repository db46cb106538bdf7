"""Chat spellings (ko, dc, thik, fải) become what they stand for, by our lexicon."""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from kiemtin.text.lexicons import TEENCODE, Entry, Kind, respell
from kiemtin.text.lexicons.look_alikes import VIETNAMESE
from kiemtin.text.offsets import Edit
from kiemtin.text.spelling import N_MOST, is_spelled
from kiemtin.text.steps.capitals import is_shouted
from kiemtin.text.syllables import strip_marks

_WORD = re.compile(r"\w+")
_VOWELS = frozenset("aeiou")
_READABLE = frozenset(w for w, e in TEENCODE.items() if e.kind is not Kind.NEVER)
_MARKED = "".join(VIETNAMESE)
# Bytes are split in half the time; they will do where only ASCII parts words.
_OTHER = re.compile(f"[^\0-\x7f{_MARKED}]")
_READABLE_UTF8 = frozenset(w.encode() for w in _READABLE)
_BLANKED = bytes(
    ord(" ") if chr(b).isascii() and not (chr(b).isalnum() or chr(b) == "_") else b
    for b in range(256)
)
# Words that may have one letter swapped: khôg, xíh, fải, wên, jờ.
_SWAPPED = re.compile(
    r"[fFwWjJgGhH](?:(?<=[^\W\d_nN][gG])(?!\w)|(?<=[^\W\d_nNcC][hH])(?!\w)"
    rf"|(?<=[fFwWjJ])(?<![^\W_].)[A-Za-z]*[{_MARKED}])"
)
# Not in an address, a tag or an emoticon, and not the half of "p/s".
_JOINED = frozenset("@#&<>/\\-'’=%+*")
_OPENING = frozenset(' \n(“‘"!?…,')
_CLOSING = frozenset(' \n)”’"!?…,;')
_QUOTED = frozenset({"()", '""', "“”", "‘’"})
_COUNT = "một hai ba bốn năm sáu bảy tám chín mười chục trăm vài mấy nửa mỗi"
_COUNTS = frozenset(_COUNT.split())
_SENTENCE = re.compile(r"(?:^|[.!?…:\n\"“(-])\s*$")
_FULL_STOP = re.compile(r"[^\0-\x7f]\w{0,3}\.$")
_FULL_STOPS = frozenset({".", ". ", ".\n"})
_N_BEFORE = 6
"""Characters before a word that say whether a sentence begins."""
_CAPITALS = 3
"""So few capitals are a name (DC, UKM), where not all is in capitals."""
_VULGAR = {"địt", "lồn", "cặc", "buồi", "đéo", "cứt", "đĩ"}
_VULGAR_MEANT = frozenset(
    e.meant for e in TEENCODE.values() if _VULGAR & {*e.meant.split()}
)
_ADDRESS = frozenset({"đc", "dc"})
"""Before a colon it is an address (địa chỉ)."""


def find(text: str) -> Iterable[Edit]:
    """Return what is meant by each chat spelling that can mean nothing else here."""
    swapped = not text.isascii() and _SWAPPED.search(text) is not None
    return _expand(text) if swapped or _has_readable(text.lower()) else ()


def _has_readable(low: str) -> bool:
    if _OTHER.search(low):
        return not _READABLE.isdisjoint(_WORD.findall(low))
    return not _READABLE_UTF8.isdisjoint(low.encode().translate(_BLANKED).split())


def _expand(text: str) -> Iterator[Edit]:
    words = _WORD.finditer(text)
    before, after = "", next(words, None)
    while after:
        m, after = after, next(words, None)
        word = m[0].lower()
        if word in _READABLE:
            beside = before, after[0].lower() if after else ""
            if _is_meant(text, m, TEENCODE[word], beside):
                yield Edit(m.start(), m.end(), _cased(m[0], TEENCODE[word].meant))
        elif len(word) <= N_MOST and not word.isascii():
            meant = _respell(word)
            if meant and not _is_name(text, m):
                yield Edit(m.start(), m.end(), _cased(m[0], meant))
        before = word


@lru_cache(maxsize=1 << 16)
def _respell(word: str) -> str | None:
    meant = respell(word)
    return meant if meant and is_spelled(meant) else None


def _is_meant(
    text: str, m: re.Match[str], entry: Entry, beside: tuple[str, str]
) -> bool:
    start, end = m.span()
    opening, closing = text[start - 1 : start], text[end : end + 1]
    if opening in _JOINED or closing in _JOINED:
        return False
    if entry.kind is Kind.ALONE:
        # "k k k" laughs, "vài chục kg" counts.
        if entry.written in beside or beside[0] in _COUNTS or not m[0].islower():
            return False
        return _is_alone(text, start, end)
    if closing == ":" and entry.written in _ADDRESS:
        return False
    return entry.meant in _VULGAR_MEANT or not _is_name(text, m)


def _is_alone(text: str, start: int, end: int) -> bool:
    """Return whether the word from *start* to *end* stands free, beside no number."""
    before, after = text[max(start - 2, 0) : start], text[end : end + 2]
    opening, closing = before[-1:], after[:1]
    free = (not opening or opening in _OPENING or _ended(text, start)) and (
        not closing or closing in _CLOSING or after in _FULL_STOPS
    )
    counted = before[:1].isdecimal() or before[:1] == "/"
    return free and not counted and opening + closing not in _QUOTED


def _ended(text: str, start: int) -> bool:
    """Return whether a sentence ended just before *start* with no space (rồi.k)."""
    return _FULL_STOP.search(text, max(start - _N_BEFORE, 0), start) is not None


def _is_name(text: str, m: re.Match[str]) -> bool:
    """Return whether the capitals of a word make it a name, and no chat spelling."""
    word = m[0]
    if word.islower():
        return False
    if word.isupper():
        return word.isascii() and len(word) <= _CAPITALS and not is_shouted(text)
    if not word[1:].islower():
        return True
    # Consonants alone are no name: Cty.
    before = text[max(m.start() - _N_BEFORE, 0) : m.start()]
    starts = _SENTENCE.search(before) is not None
    return not starts and not _VOWELS.isdisjoint(strip_marks(word.lower()))


def _cased(word: str, meant: str) -> str:
    if word.islower():
        return meant
    if word.isupper() and len(word) > 1:
        return meant.upper()
    return meant[0].upper() + meant[1:] if word[0].isupper() else meant
