"""
Letters of other alphabets inside Vietnamese words become Latin (lừа with a Cyrillic а).

Real Russian, Greek or Icelandic is left alone: a word changes if it mixes alphabets,
or if it reads as a Vietnamese syllable where no word of its alphabet says otherwise.
"""

import re
import unicodedata
from collections.abc import Iterator

from kiemtin.text.lexicons.hidden import LOANS
from kiemtin.text.lexicons.look_alikes import LATIN, VIETNAMESE
from kiemtin.text.offsets import Edit
from kiemtin.text.spelling import is_spelled
from kiemtin.text.steps.marks import MARKS
from kiemtin.text.syllables import strip_marks

# All letters but those of ASCII and of Vietnamese: to look each up is quicker than to
# search for a set of a thousand.
_OTHER = re.compile(f"[^\\W\\d_A-Za-z{''.join(VIETNAMESE)}]|[ͺ℮]")
_WORD = re.compile(f"(?:[^\\W\\d_]|[℮{MARKS}])+")
# Words of the alphabets that share shapes with Latin; of others none is taken for it.
_FOREIGN = re.compile(
    "(?<!\\w)[\u0370-\u058f\u1f00-\u1fff\u10a0-\u10ff\u13a0-\u13ff\u2c80-\u2cff]{2,}(?!\\w)"
)
_GREEK = re.compile("[\u0370-\u03ff\u1f00-\u1fff]")
_LATIN = re.compile("[A-Za-z\u00c0-\u02af\u1d00-\u1dbf\u1e00-\u1eff\ua720-\uab64]")
_TO_LATIN = str.maketrans(LATIN)
_FEW = 3
"""A mixed word of so many letters is one also if it is no syllable (inbох, ОTР)."""


def find(text: str) -> Iterator[Edit]:
    """Yield a replacement for each letter that only looks Latin."""
    if text.isascii() or not _OTHER.search(text):
        return
    words = {w for w in _WORD.findall(text) if not w.isascii()}
    has_foreign = any(not _reads(w) for w in set(_FOREIGN.findall(text)))
    latin = {w for w in words if _is_latin(w, has_foreign=has_foreign)}
    for m in _WORD.finditer(text) if latin else ():
        if m[0] in latin:
            for at, letter in enumerate(m[0], m.start()):
                if letter in LATIN:
                    yield Edit(at, at + 1, LATIN[letter])


def _is_latin(word: str, *, has_foreign: bool) -> bool:
    """Return whether *word* is Vietnamese, or mixed as no honest word is."""
    drawn = _OTHER.findall(word)
    if not drawn or not all(c in LATIN for c in drawn):
        return False
    others = [c for c in drawn if not _LATIN.match(c)]
    if not others:
        return _reads(word)
    if len(drawn) == sum(map(str.isalpha, word)):
        alone = len(word) == 1 and not _GREEK.match(word)
        return not has_foreign and (alone or _reads(word))
    # μg and Δt are science: a Greek letter in a word must make a syllable.
    mixed = len(word) >= _FEW and not any(map(_GREEK.match, others))
    return mixed or _reads(word)


def _reads(word: str) -> bool:
    latin = unicodedata.normalize("NFC", word.translate(_TO_LATIN)).lower()
    if len(latin) == 1:
        return False
    # A letter of another alphabet has lost the marks of the one that it is drawn for.
    return is_spelled(latin) or is_spelled(strip_marks(latin)) or latin in LOANS
