"""Each word of a normalized text leads to the characters that were written for it."""

import html
import unicodedata
from collections.abc import Callable

from hypothesis import given
from hypothesis import strategies as st

from kiemtin.text import normalize

WORDS = ["lừa", "đảo", "ngu", "chuyển", "khoản", "mất", "dạy", "thằng", "chó", "người"]
"""Syllables that no step changes."""

# The letters that each font and alphabet has; the others stay as they are.
_CYRILLIC = str.maketrans("aceopxy", "асеорху")
_WIDE = {ord(c): ord(c) + 0xFEE0 for c in "abcdefghijklmnopqrstuvwxyz"}
_BOLD = {ord(c): ord(c) - 97 + 0x1D41A for c in "abcdefghijklmnopqrstuvwxyz"}


def _mixed(word: str) -> str:
    """Return *word* with Cyrillic letters, if Latin ones are left."""
    drawn = word.translate(_CYRILLIC)
    return drawn if any(c.isascii() for c in drawn) else word


WRITTEN: list[Callable[[str], str]] = [
    str,
    lambda w: unicodedata.normalize("NFD", w),
    "\u200b".join,
    lambda w: "\u200d".join(unicodedata.normalize("NFD", w)),
    lambda w: "".join(f"&#{ord(c)};" for c in w),
    lambda w: html.escape("".join(f"&#x{ord(c):x};" for c in w)),
    lambda w: w + w[-1] * 4,
    lambda w: w.translate(_WIDE),
    lambda w: w.translate(_BOLD),
    lambda w: "\u0336".join(w) + "\u0336",
    _mixed,
    ".".join,
    "-".join,
]
"""How a word can be written so that it is read again."""

BETWEEN = [
    " ",
    "  ",
    "\n",
    "\u00a0",
    " 😀 ",
    " 👩🏽\u200d⚕\ufe0f ",
    " \u200b",
    ", ",
    " &lt; ",
]


@given(
    st.lists(
        st.tuples(
            st.sampled_from(WORDS), st.sampled_from(WRITTEN), st.sampled_from(BETWEEN)
        ),
        min_size=1,
    )
)
def test_word_leads_to_what_was_written(
    parts: list[tuple[str, Callable[[str], str], str]],
) -> None:
    """Exactly so: after NFD, unseen characters, entities, emoji, joins and stretches."""
    text, spans = "", []
    for word, write, between in parts:
        spans.append((len(text), len(text) + len(write(word))))
        text += write(word) + between
    normalized = normalize(text)

    at = 0
    for (word, write, _), (start, end) in zip(parts, spans, strict=True):
        at = normalized.text.index(word, at)
        found = normalized.original_span(at, at + len(word))
        # Marks and unseen characters at an end of a word are of no letter of it.
        written = text[slice(*found)]
        assert start <= found[0] < found[1] <= end
        assert normalize(written).text == word, ascii(write(word))
        assert not any(
            c.isalnum() for c in text[start : found[0]] + text[found[1] : end]
        )
        at += len(word)


@given(st.lists(st.sampled_from(WORDS), min_size=1))
def test_clean_text_is_its_own_map(words: list[str]) -> None:
    """Where nothing was edited, every span is itself."""
    text = " ".join(words)
    normalized = normalize(text)

    assert normalized.text == text
    assert normalized.maps == ()
    assert normalized.original_span(0, len(text)) == (0, len(text))
