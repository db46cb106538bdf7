"""Chat spelling is read where it can mean one thing only."""

import pytest

from kiemtin.text.lexicons import TEENCODE, Kind
from kiemtin.text.offsets import Edit, apply_edits
from kiemtin.text.steps import teencode


def _read(text: str) -> str:
    return apply_edits(text, teencode.find(text))[0]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ko biết j", "không biết gì"),
        ("KO ĐƯỢC", "KHÔNG ĐƯỢC"),
        ("Ko được. Ko sao", "Không được. Không sao"),
        ("trời ko, dc!", "trời không, được!"),
        ("đm mày, ĐM", "địt mẹ mày, ĐỊT MẸ"),
        ("của Cty", "của Công ty"),
        ("đi rồi.k sao", "đi rồi.không sao"),
        ("fải, khôg, wên", "phải, không, quên"),
    ],
)
def test_chat_spelling_is_read(text: str, expected: str) -> None:
    """In small letters and capitals, at a sign, with one letter swapped."""
    assert _read(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "10 k, 5 kg, 3/kg",
        "vài chục kg",
        'v.v, p/s, (k), "z"',
        ":v =k",
        "@ko #ko <ko> a_ko",
        "DC Comics, ông Ko, anh Wa",
        "k k k",
        "đc: 12 Lê Lợi",
        "WiFi, WàF, Fé",
        "ac.uk, .vn",
        "không phải",
    ],
)
def test_other_meanings_stay(text: str) -> None:
    """Units, lists, emoticons, tags, names, laughter and addresses."""
    assert _read(text) == text


@pytest.mark.parametrize(
    "entry",
    [e for e in TEENCODE.values() if e.kind is Kind.NEVER],
    ids=lambda e: e.written,
)
def test_ambiguous_entries_are_never_read(entry: object) -> None:
    """What has too many meanings stays as it was written."""
    written = entry.written  # type: ignore[attr-defined]

    assert _read(f"nó {written} à") == f"nó {written} à"


def test_edit_covers_the_word_alone() -> None:
    """What is meant leads back to what was written."""
    assert list(teencode.find("trời ko, ạ")) == [Edit(5, 7, "không")]
