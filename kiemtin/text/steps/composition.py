"""Letters and their tone marks become one character (Unicode NFC, UAX 15)."""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from itertools import groupby

import regex

from kiemtin.text.offsets import Edit

# Nothing here is a mark, or becomes another character: what nearly all texts are of.
_SETTLED = re.compile(
    "[^\x00-\u02ff\u0400-\u0482\u1e00-\u1eff\u2010-\u2027\u2030-\u205e\u20a0-\u20bf"
    "\u2190-\u2328\u2460-\u2ad0\U0001f000-\U0001faff]"
)
# A letter with all that may compose with it: marks, and vowels and finals of Hangul.
_CLUSTER = regex.compile(r".[\p{M}\u1160-\u11ff]+|\p{NFC_Quick_Check=No}", regex.DOTALL)
_MOST = 12
"""Marks on one letter that are read; no language has more, and sorting them is slow."""


def find(text: str) -> Iterator[Edit]:
    """Yield a replacement for each cluster that is not in NFC."""
    if not _SETTLED.search(text):
        return
    for m in _CLUSTER.finditer(text):
        cluster = m[0]
        composed = _compose(cluster) if len(cluster) <= _MOST else _cut(cluster)
        if composed != cluster:
            yield Edit(m.start(), m.end(), composed)


@lru_cache(maxsize=1 << 12)
def _compose(cluster: str) -> str:
    if len(cluster) > _MOST // 4 and len(_decompose(cluster)) > _MOST:
        return _cut(cluster)
    return unicodedata.normalize("NFC", cluster)


def _cut(cluster: str) -> str:
    """Return the first marks of *cluster*, whichever form it came in."""
    return unicodedata.normalize("NFC", _decompose(cluster)[:_MOST])


def _decompose(cluster: str) -> str:
    """Return NFD in time that marks in a bad order do not square."""
    parts = [d for c in cluster for d in unicodedata.normalize("NFD", c)]
    runs = groupby(parts, lambda c: unicodedata.combining(c) > 0)
    return "".join(c for _, run in runs for c in sorted(run, key=unicodedata.combining))
