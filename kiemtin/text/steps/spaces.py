"""Every run of white space becomes one space; none stands at either end."""

import re
from collections.abc import Iterable, Iterator

from kiemtin.text.offsets import Edit

# Each alternative begins with a set of letters: that is what the search is fast at.
_ODD = re.compile(
    r"[\t-\r\x1c-\x1f\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]"
)
_SPACE = re.compile(r"\s+")


def find(text: str) -> Iterable[Edit]:
    """Return a replacement for each run of white space that is not one space."""
    odd = "  " in text or text[:1] == " " or text[-1:] == " " or _ODD.search(text)
    return _edits(text) if odd else ()


def _edits(text: str) -> Iterator[Edit]:
    n = len(text)
    for m in _SPACE.finditer(text):
        space = " " if m.start() > 0 and m.end() < n else ""
        if m[0] != space:
            yield Edit(m.start(), m.end(), space)
