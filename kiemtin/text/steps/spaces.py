"""Every run of white space becomes one space; none stands at either end."""

import re
from collections.abc import Iterator

from kiemtin.text.offsets import Edit

_SPACE = re.compile(r"\s\s+|[^\S ]|^ | $")


def find(text: str) -> Iterator[Edit]:
    """Yield a replacement for each run of white space that is not one space."""
    n = len(text)
    for m in _SPACE.finditer(text):
        inside = m.start() > 0 and m.end() < n
        yield Edit(m.start(), m.end(), " " if inside else "")
