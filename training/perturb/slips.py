"""Slips of the keyboard and of the temper: typos and stretched letters."""

import random
import unicodedata
from collections.abc import Callable, Mapping
from types import MappingProxyType

from kiemtin.text.syllables import strip_marks
from training.perturb.halves import Half, halve
from training.perturb.words import letters, rewrite

_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_BESIDE = {
    key: row[max(0, i - 1) : i] + row[i + 1 : i + 2]
    for row in _ROWS
    for i, key in enumerate(row)
}
_CONFUSED = str.maketrans("\u0309\u0303", "\u0303\u0309")
_TELEX = {"\u0301": "s", "\u0300": "f", "\u0309": "r", "\u0303": "x", "\u0323": "j"}


def _swap(parts: list[str], at: int, rng: random.Random) -> None:
    other = at + 1 if at + 1 < len(parts) else at - 1
    parts[at], parts[other] = parts[other], parts[at]


def _drop(parts: list[str], at: int, rng: random.Random) -> None:
    del parts[at]


def _double(parts: list[str], at: int, rng: random.Random) -> None:
    parts.insert(at, parts[at])


def _miss(parts: list[str], at: int, rng: random.Random) -> None:
    beside = _BESIDE.get(parts[at], "")
    parts[at] = rng.choice(beside) if beside else parts[at]


def _leave_telex(parts: list[str], at: int, rng: random.Random) -> None:
    # The tone key comes after the word, too late for the editor (đượcj, quas).
    word = unicodedata.normalize("NFD", "".join(parts))
    tones = [c for c in word if c in _TELEX]
    plain = "".join(c for c in word if c not in _TELEX)
    parts[:] = [*unicodedata.normalize("NFC", plain), *(_TELEX[c] for c in tones)]


def _confuse_tones(parts: list[str], at: int, rng: random.Random) -> None:
    # Hỏi and ngã sound alike in the south (củng for cũng, sẻ for sẽ).
    word = unicodedata.normalize("NFD", "".join(parts)).translate(_CONFUSED)
    parts[:] = unicodedata.normalize("NFC", word)


_KINDS: Mapping[str, Callable[[list[str], int, random.Random], None]] = (
    MappingProxyType(
        {
            "swap": _swap,
            "drop": _drop,
            "double": _double,
            "miss": _miss,
            "telex": _leave_telex,
            "tone": _confuse_tones,
        }
    )
)

KINDS = halve(_KINDS, "typos")
LENGTHS = halve("345678", "stretched")
"""How many letters stand where one did."""

_WITH_MARKS = 0.5
"""How often the marks of a stretched letter are stretched with it."""

_LEAST_LETTERS = 3
"""Shorter words are not mistyped: too little is left to read them by."""


def mistype(text: str, rng: random.Random, half: Half, strength: float) -> str:
    """Return *text* with one slip in each drawn word (nguời, khôgn, đươcj)."""

    def slip(word: str) -> str:
        parts = letters(word)
        if len(parts) < _LEAST_LETTERS:
            return word
        at = int(rng.random() * len(parts))
        _KINDS[rng.choice(KINDS[half])](parts, at, rng)
        return "".join(parts)

    return rewrite(text, rng, strength, slip)


def stretch(text: str, rng: random.Random, half: Half, strength: float) -> str:
    """Return *text* with the last letter of words drawn out (nguuu, quááá, quáaa)."""

    def draw_out(word: str) -> str:
        last = letters(word)[-1]
        again = last if rng.random() < _WITH_MARKS else strip_marks(last)
        return word + again * (int(rng.choice(LENGTHS[half])) - 1)

    return rewrite(text, rng, strength, draw_out)
