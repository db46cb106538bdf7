"""Both ways of placing a tone mark (hoà, hòa) become the one of the schools (hòa)."""

import re
from collections.abc import Iterable, Iterator

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
# Only at the end of a syllable (hoàn keeps its tone), and not after q (quý). A set of
# letters comes first: that is what the search is fast at.
_OLD = re.compile(rf"[oOuU][{''.join({old[1] for old in _NEW})}](?!\w)(?<![qQ]..)")


def find(text: str) -> Iterable[Edit]:
    """Return a replacement for each old-style vowel pair."""
    return _edits(text) if _OLD.search(text) else ()


def _edits(text: str) -> Iterator[Edit]:
    for m in _OLD.finditer(text):
        if m[0] in _NEW:
            yield Edit(m.start(), m.end(), _NEW[m[0]])
