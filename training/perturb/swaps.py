"""One letter of a syllable swapped for another, as people do when they chat."""

import random
import re
import unicodedata
from collections.abc import Sequence

from training.perturb.words import cased_like

_SYLLABLE = re.compile(
    "(?P<onset>ngh|ng|nh|th|tr|ch|kh|ph|gh|gi(?=[aăâeêoôơuư])|qu|[bcdđghklmnprstvx])?"
    "(?P<nucleus>[aăâeêioôơuưy]{1,3})"
    "(?P<coda>ng|nh|ch|[cmnpt])?"
)
_TONES = re.compile("[\u0300\u0301\u0303\u0309\u0323]")


def swap_letters(word: str, rng: random.Random, rules: Sequence[str]) -> str:
    """
    Return *word* with one of *rules* applied, or itself if none fits.

    A rule is a place, what is meant and what is written, divided by tabs. A tone
    stays on its syllable where the new letters can bear it.
    """
    low = unicodedata.normalize("NFC", word.lower())
    parsed = _SYLLABLE.fullmatch(_toneless(low))
    if parsed is None:
        return word
    fitting = [
        (*parsed.span(place), written)
        for place, meant, written in (rule.split("\t") for rule in rules)
        if parsed[place] == meant
    ]
    if not fitting:
        return word
    start, end, written = rng.choice(fitting)
    swapped = low[:start] + _toned(written, low[start:end]) + low[end:]
    return cased_like(word, swapped)


def _toneless(word: str) -> str:
    plain = _TONES.sub("", unicodedata.normalize("NFD", word))
    return unicodedata.normalize("NFC", plain)


def _toned(written: str, before: str) -> str:
    tone = "".join(_TONES.findall(unicodedata.normalize("NFD", before)))
    first = unicodedata.normalize("NFC", written[0] + tone)
    return (first if len(first) == 1 else written[0]) + written[1:]
