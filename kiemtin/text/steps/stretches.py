"""Stretched letters and piled-up signs (nguuuu, !!!!!!) become short."""

import re
from collections.abc import Iterator

from kiemtin.text.offsets import Edit

# No Vietnamese word has a letter three times; signs keep three, which still shouts.
_LETTERS = re.compile(r"([^\W\d_])\1{2,}")
_SIGNS = re.compile(r"([^\w\s<>])\1{3,}|_{4,}")


def find(text: str) -> Iterator[Edit]:
    """Yield a replacement for each stretch, one letter or three signs long."""
    found = [Edit(m.start(), m.end(), m[1]) for m in _LETTERS.finditer(text)]
    found += [Edit(m.start(), m.end(), m[0][0] * 3) for m in _SIGNS.finditer(text)]
    return iter(sorted(found))
