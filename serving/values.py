"""How many values a JSON text has, told before any of them is made."""

import re
import sys
from itertools import islice

from serving.errors import MalformedJsonError, TooManyValuesError

# Each part is taken whole or not at all, and what has no end ends with the text: however
# it is made up, no byte is looked at twice.
_STRING = re.compile(rb'"(?:[^"\\]++|\\.?)*+(?:"|\Z)', re.DOTALL)
_BRACKET = re.compile(rb"[\[\]{}]")
_DEEPEST = sys.getrecursionlimit()
_LOOKED_AT = 4 * _DEEPEST


def check_values(text: bytes, most: int, name: str) -> None:
    """
    Refuse JSON of more values than *most*; errors call it by *name*.

    Eight megabytes may be a long post or four million lists, which take seconds to read
    and seconds more to refuse one by one; and nobody else is answered meanwhile.

    Raises:
        TooManyValuesError: If there are more.
        MalformedJsonError: If there are, because it is nested too deeply to be read.
    """
    # Nearly every text is settled by the first line, and most others by the second.
    if len(text) <= most or _n_marks(text) <= most:
        return
    if sum(1 for _ in islice(_STRING.finditer(text), most + 1)) <= most:
        without_strings = _STRING.sub(b"", text)
        if _n_marks(without_strings) <= most:
            return
    if _is_deep(text):
        msg = f"{name} is nested too deeply"
        raise MalformedJsonError(msg)
    msg = f"{name} has more than {most} values"
    raise TooManyValuesError(msg)


def _is_deep(text: bytes) -> bool:
    """Say whether *text* begins with more levels than are ever read."""
    depth = 0
    for mark in islice(_BRACKET.finditer(text), _LOOKED_AT):
        depth += 1 if mark[0] in b"[{" else -1
        if depth > _DEEPEST:
            return True
    return False


def _n_marks(text: bytes) -> int:
    """Return how many bytes may each be a reason for one more value."""
    return text.count(b",") + text.count(b"[") + text.count(b"{")
