"""How a text is written and how a pair overlaps are counted, not understood."""

from kiemtin.labels import Label
from training.auditing.style import pair_columns, style_columns
from training.corpora.row import Head, Row


def _row(text: str, evidence: str | None = None) -> Row:
    head = Head.CLAIM if evidence else Head.HARM
    return Row("a", "f:1", text, head, {Label.ABUSIVE: False}, evidence=evidence)


def test_style_is_counted() -> None:
    """Capitals, digits and marks are shares of characters; the rest are counts."""
    found = {c.name: c.values[0] for c in style_columns([_row("ĂN 3 bo!!")])}

    assert found == {
        "characters": 9,
        "syllables": 2,
        "diacritics": 0.5,
        "capitals": 2 / 9,
        "digits": 1 / 9,
        "punctuation": 2 / 9,
        "exclamations": 2,
        "links": 0,
        "emoji": 0,
    }


def test_text_of_nothing_has_a_style() -> None:
    """A text without a word is no division by nought."""
    assert [c.values[0] for c in style_columns([_row("!")])][:3] == [1, 0, 0]


def test_overlap_is_counted() -> None:
    """Words are shared both ways, numbers are held against one another."""
    row = _row("Giá không tăng 5,5 % và 7 đồng", "Giá tăng 5,5 % trong năm nay")

    found = {c.name: c.values[0] for c in pair_columns([row])}

    assert found == {
        "statement words in evidence": 2 / 5,
        "evidence words in statement": 2 / 5,
        "numbers in both": 1,
        "numbers in statement only": 1,
        "length ratio": 1,
        "denials in statement only": 1,
    }


def test_rows_without_evidence_are_no_pairs() -> None:
    """Of texts that stand alone no overlap is counted."""
    assert list(pair_columns([_row("ăn cơm")])) == []
