"""Both ways of placing a tone mark (hoà, hòa) become the one of the schools (hòa)."""

import re
from collections.abc import Iterator

from kiemtin.text.offsets import Edit

_BARE = ("oa", "oe", "uy")
_FIRST = ("òóỏõọ", "òóỏõọ", "ùúủũụ")
_SECOND = ("àáảãạ", "èéẻẽẹ", "ỳýỷỹỵ")


def _pairs() -> Iterator[tuple[str, str]]:
    for bare, firsts, seconds in zip(_BARE, _FIRST, _SECOND, strict=True):
        for first, second in zip(firsts, seconds, strict=True):
            old, new = bare[0] + second, first + bare[1]
            yield old, new
            yield old.capitalize(), new.capitalize()
            yield old.upper(), new.upper()
            yield old[0] + old[1].upper(), new[0] + new[1].upper()


_NEW = dict(_pairs())
# Only at the end of a syllable (hoàn keeps its tone), and not after q (quý).
_OLD = re.compile(rf"(?<![qQ])(?:{'|'.join(_NEW)})(?!\w)")


def find(text: str) -> Iterator[Edit]:
    """Yield a replacement for each old-style vowel pair."""
    if text.isascii():
        return iter(())
    return (Edit(m.start(), m.end(), _NEW[m[0]]) for m in _OLD.finditer(text))
