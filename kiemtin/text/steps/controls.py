"""Control characters, NUL and halves of surrogate pairs carry no meaning: removed."""

import re
from collections.abc import Iterator

from kiemtin.text.offsets import Edit

# Tab, line feed, vertical tab, form feed, carriage return and NEL are spaces.
_CONTROL = re.compile("[\0-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]+")


def find(text: str) -> Iterator[Edit]:
    """Yield a removal for each run of control characters."""
    return (Edit(m.start(), m.end(), "") for m in _CONTROL.finditer(text))
