"""Letters drawn otherwise: from other scripts, as digits, in styled alphabets."""

import random
import unicodedata
from collections.abc import Callable, Mapping

from training.perturb.halves import Half, Halves, halve, halve_each
from training.perturb.look_alikes import DIGITS, LOOK_ALIKES
from training.perturb.words import letters, rewrite, some

DRAWN = halve_each(LOOK_ALIKES, "look_alikes")
SPELLED = halve_each(DIGITS, "digits")

STYLES = halve(
    (
        "FULLWIDTH LATIN {case} LETTER {letter}",
        "CIRCLED LATIN {case} LETTER {letter}",
        "PARENTHESIZED LATIN {case} LETTER {letter}",
        "SQUARED LATIN CAPITAL LETTER {letter}",
        "NEGATIVE CIRCLED LATIN CAPITAL LETTER {letter}",
        "NEGATIVE SQUARED LATIN CAPITAL LETTER {letter}",
        "LATIN LETTER SMALL CAPITAL {letter}",
        "MODIFIER LETTER {case} {letter}",
        "MATHEMATICAL BOLD {case} {letter}",
        "MATHEMATICAL ITALIC {case} {letter}",
        "MATHEMATICAL BOLD ITALIC {case} {letter}",
        "MATHEMATICAL BOLD SCRIPT {case} {letter}",
        "MATHEMATICAL BOLD FRAKTUR {case} {letter}",
        "MATHEMATICAL DOUBLE-STRUCK {case} {letter}",
        "MATHEMATICAL SANS-SERIF {case} {letter}",
        "MATHEMATICAL SANS-SERIF BOLD {case} {letter}",
        "MATHEMATICAL SANS-SERIF ITALIC {case} {letter}",
        "MATHEMATICAL MONOSPACE {case} {letter}",
    ),
    "styles",
)
"""Names in Unicode of the letters of each alphabet."""


def draw_look_alikes(text: str, rng: random.Random, half: Half, strength: float) -> str:
    """Return *text* with letters that only look like those of its words (а for a)."""
    return _redraw(text, rng, half, strength, DRAWN, _with_marks_of)


def write_digits(text: str, rng: random.Random, half: Half, strength: float) -> str:
    """Return *text* with digits and signs for letters (ch3t, ng@y); their marks go."""
    low = {
        **SPELLED,
        **{letter.upper(): halves for letter, halves in SPELLED.items()},
    }
    return _redraw(text, rng, half, strength, low, lambda _, drawn: drawn)


def style_words(text: str, rng: random.Random, half: Half, strength: float) -> str:
    """Return *text* with words in one styled alphabet (𝐬𝐚𝐥𝐞, ｓａｌｅ, ⓢⓐⓛⓔ)."""
    style = rng.choice(STYLES[half])
    return rewrite(
        text,
        rng,
        strength,
        lambda w: "".join(_with_marks_of(x, _styled(style, x)) for x in letters(w)),
    )


def _redraw(
    text: str,
    rng: random.Random,
    half: Half,
    strength: float,
    table: Mapping[str, Halves],
    join: Callable[[str, str], str],
) -> str:
    """Return *text* with some letters of the drawn words redrawn, never all of a word."""

    def redraw(word: str) -> str:
        parts = letters(word)
        able = [i for i, x in enumerate(parts) if _options(table, x, half)]
        if len(able) == len(parts):
            able.pop(0)
        for i in sorted(some(len(able), rng)):
            at = able[i]
            drawn = rng.choice(_options(table, parts[at], half))
            parts[at] = join(parts[at], drawn)
        return "".join(parts)

    return rewrite(text, rng, strength, redraw)


def _options(table: Mapping[str, Halves], letter: str, half: Half) -> tuple[str, ...]:
    halves = table.get(unicodedata.normalize("NFD", letter)[0])
    return halves[half] if halves else ()


def _with_marks_of(letter: str, drawn: str) -> str:
    marks = unicodedata.normalize("NFD", letter)[1:]
    return unicodedata.normalize("NFC", drawn + marks) if marks else drawn


def _styled(style: str, letter: str) -> str:
    """Return the plain letter of *letter* in *style*, or plain where it has none."""
    plain = unicodedata.normalize("NFD", letter)[0]
    if not ("a" <= plain <= "z" or "A" <= plain <= "Z"):
        return plain
    case = "CAPITAL" if plain.isupper() else "SMALL"
    try:
        return unicodedata.lookup(style.format(case=case, letter=plain.upper()))
    except KeyError:
        return plain
