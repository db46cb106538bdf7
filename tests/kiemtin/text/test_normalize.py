"""Laws of the normalizer, and its output on a golden file."""

import json
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given

from kiemtin.text import NORMALIZER_VERSION, normalize
from tests.fixtures.texts import ANY_TEXT

HEAD, *GOLDENS = map(
    json.loads,
    (Path(__file__).parents[2] / "golden" / "normalize.jsonl")
    .read_text(encoding="utf-8")
    .splitlines(),
)


@given(ANY_TEXT)
def test_idempotent(text: str) -> None:
    """Normalizing twice changes nothing, so it is safe to do it again."""
    once = normalize(text).text

    assert normalize(once).text == once


@given(ANY_TEXT)
def test_total(text: str) -> None:
    """Any string at all gives a text that can be encoded, without spaces around it."""
    normalized = normalize(text)

    normalized.text.encode()
    assert normalized.text == normalized.text.strip()
    assert sum(normalized.trace.values()) == sum(len(m.edits) for m in normalized.maps)


@given(ANY_TEXT)
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


@pytest.mark.parametrize("golden", GOLDENS, ids=lambda g: g["id"])
def test_golden(golden: dict[str, str]) -> None:
    """Output changes only with NORMALIZER_VERSION: bundles depend on every letter."""
    assert normalize(golden["text"]).text == golden["normalized"], (
        "the output changed: bump NORMALIZER_VERSION and write the golden file anew"
    )
