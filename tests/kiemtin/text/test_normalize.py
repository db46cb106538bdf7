"""Laws of the normalizer, and its output on a golden file."""

import hashlib
import json
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given

from kiemtin.text import NORMALIZER_VERSION, normalize
from kiemtin.text.syllables import strip_marks
from tests.fixtures.checkout import ROOT
from tests.kiemtin.text.pieces import TEXT

HEAD, *GOLDENS = map(
    json.loads,
    (Path(__file__).parents[2] / "golden" / "normalize.jsonl")
    .read_text(encoding="utf-8")
    .splitlines(),
)


@given(TEXT)
def test_idempotent(text: str) -> None:
    """Normalizing twice changes nothing, so it is safe to do it again."""
    once = normalize(text).text

    assert normalize(once).text == once


@given(TEXT)
def test_total(text: str) -> None:
    """Any string at all gives a text that can be encoded, without spaces around it."""
    normalized = normalize(text)

    normalized.text.encode()
    assert normalized.text == normalized.text.strip()
    assert sum(normalized.trace.values()) == sum(map(len, normalized.maps))


@given(TEXT)
def test_forms_of_unicode_are_one(text: str) -> None:
    """Both ways of typing a tone give the same text."""
    forms = {normalize(unicodedata.normalize(f, text)).text for f in ("NFC", "NFD")}

    assert len(forms) == 1


def test_joiner_between_letter_and_tone() -> None:
    """A tone comes to its letter also when something invisible stood between."""
    assert normalize("e\u0302\u200d\u0323").text == "ệ"


def test_trace_counts_edits() -> None:
    """What each step did is counted under its name."""
    trace = normalize("hoà\u200bng  @an  0912345678").trace

    assert trace == {"invisible": 1, "placeholders": 2, "spaces": 2}


def test_length_limit_is_normalized_in_time() -> None:
    """The longest text takes moments, whatever it is made of."""
    for piece in ("a", "a\u0301", "\u200b", "hoà ", "!", "@a ", "\u1100"):
        normalize(piece * (65_536 // len(piece)))


def test_goldens_are_of_this_version() -> None:
    """Whoever bumps the version looks at every golden again."""
    assert HEAD["normalizer_version"] == NORMALIZER_VERSION


def test_changed_golden_has_a_new_version() -> None:
    """
    Goldens change only with the version.

    ``versions`` in the first line has a digest for each version there ever was; a
    line of it is added with a new version, and never changed.
    """
    lines = (f"{g['text']!r}\t{g['normalized']!r}\n" for g in GOLDENS)
    found = hashlib.sha256("".join(lines).encode()).hexdigest()

    assert HEAD["versions"][str(NORMALIZER_VERSION)] == found[:16]


@given(TEXT)
def test_spans_lead_back_in_order(text: str) -> None:
    """Each character comes from somewhere in the text, and none overtakes another."""
    normalized = normalize(text)
    spans = [normalized.original_span(i, i + 1) for i in range(len(normalized.text))]

    assert all(0 <= a <= b <= len(text) for a, b in spans)
    assert [a for a, _ in spans] == sorted(a for a, _ in spans)


@pytest.mark.parametrize(
    ("text", "word", "written"),
    [
        ("đồ n.g.u thật", "ngu", "n.g.u"),
        ("bị l ừ a đảo", "lừa", "l ừ a"),
        ("mày ch3t đi", "chet", "ch3t"),
        ("a ko\u200b biết", "không", "ko"),
        ("l\u200bừ\u200ba nhau", "lừa", "l\u200bừ\u200ba"),
        (
            unicodedata.normalize("NFD", "bị lừa đảo"),
            "lừa",
            unicodedata.normalize("NFD", "lừa"),
        ),
        ("😂😂 nguuuu quá", "ngu", "nguuuu"),
        ("x&agrave;i đồ giả", "xài", "x&agrave;i"),
        ("bị lừа nhé", "lừa", "lừа"),
        ("𝐧𝐠𝐮 vậy", "ngu", "𝐧𝐠𝐮"),
    ],
)
def test_word_leads_back_to_what_was_written(
    text: str, word: str, written: str
) -> None:
    """A word that was put right is traced to just the characters that stood for it."""
    normalized = normalize(text)
    at = normalized.text.index(word)

    start, end = normalized.original_span(at, at + len(word))

    assert text[start:end] == written


@pytest.mark.parametrize(
    "phrase", (ROOT / "tests/fixtures/harmless.txt").read_text().splitlines()
)
def test_harmless_phrase_stays_what_it_is(phrase: str) -> None:
    """Names and dishes are not read as the slurs that they look like without marks."""
    for text in (phrase, strip_marks(phrase)):
        assert normalize(text).text == text


@pytest.mark.parametrize("golden", GOLDENS, ids=lambda g: g["id"])
def test_golden(golden: dict[str, str]) -> None:
    """Output changes only with NORMALIZER_VERSION: bundles depend on every letter."""
    assert normalize(golden["text"]).text == golden["normalized"], (
        "the output changed: bump NORMALIZER_VERSION and write the golden file anew"
    )
