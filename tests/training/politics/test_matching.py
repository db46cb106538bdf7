"""Political terms are found as whole words, however they are spelled."""

import time
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiemtin.text import normalize
from kiemtin.text.syllables import strip_marks
from training.corpora.protected_speech import NAME
from training.politics import is_political, political_spans
from training.politics.matching import matches
from training.politics.terms import all_terms
from training.preparation.load import read_rows
from training.splits import Split

SENTENCES = [
    "Chính phủ vừa ban hành nghị định mới.",
    "Đảng và nhà nước lo cho dân",
    "công an phường làm việc với người dân",
    "sao thuế cứ tăng hoài vậy",
    "Biểu tình ở Hồng Kông",
    "CSGT thổi phạt",
]
EVERYDAY = [
    "Hôm nay trời đẹp, ăn phở không?",
    "dân chơi không sợ mưa rơi",
    "Luật sư của tôi và nông dân",
    "chế độ dinh dưỡng cho bé",
    "nguoi dan ong kia mua dong ho cua hang",
    "tu do ve nha, dang nau com, dan chuot",
    "quy luật muôn đời",
    "",
]


def _found(text: str) -> list[str]:
    return [text[start:end] for start, end in political_spans(text)]


@pytest.mark.parametrize("text", SENTENCES)
@pytest.mark.parametrize("written", [str, str.upper, str.lower])
def test_sentences_of_politics_are_found(
    text: str, written: Callable[[str], str]
) -> None:
    """Capitals hide nothing."""
    assert is_political(written(text))


@pytest.mark.parametrize("text", SENTENCES)
def test_sentences_without_marks_are_found(text: str) -> None:
    """Neither do missing diacritics, but in words that are others without them."""
    assert is_political(strip_marks(text)) == ("thuế" not in text)


@pytest.mark.parametrize("text", EVERYDAY)
def test_everyday_sentences_are_not(text: str) -> None:
    """Words that hold a term, or lose their marks to look like one, are no politics."""
    assert _found(text) == []


def test_spans_are_of_the_text_that_was_given() -> None:
    """Offsets count in the text as it is, also where its letters are decomposed."""
    text = unicodedata.normalize("NFD", "Ôi, Chính  phủ với uỷ_ban!")

    assert [unicodedata.normalize("NFC", f) for f in _found(text)] == [
        "Chính  phủ",
        "uỷ_ban",
    ]


def test_the_longest_term_is_taken() -> None:
    """One span covers the whole name of a body."""
    assert _found("Bộ Giao thông vận tải nói") == ["Bộ Giao thông vận tải"]


def test_signs_part_terms() -> None:
    """Syllables of different sentences are no term."""
    assert _found("Của chính. Phủ lên, công; an") == []


@given(
    st.lists(st.sampled_from([t.text for t in all_terms()] + ["và", "x", ".", "!\n"])),
    st.sampled_from([str, str.title, str.upper, strip_marks]),
)
def test_matches_ascend_and_are_terms(
    words: list[str], written: Callable[[str], str]
) -> None:
    """Matches never overlap, and each is one of the forms of its term."""
    text = written(" ".join(words))
    end = 0
    for match in matches(text):
        assert match.start >= end
        end = match.end
        syllables = tuple(text[match.start : end].lower().split())
        assert syllables in match.term.forms()


@given(st.text(max_size=200))
def test_any_text_can_be_asked_about(text: str) -> None:
    """Nothing fails, whatever the text holds; and both answers agree."""
    assert is_political(text) == bool(political_spans(text))


def test_normalization_hides_no_term() -> None:
    """A term is found in a raw text and in the normalized one, written out or not."""
    texts = [f"Theo {t.text} thì sao?" for t in all_terms() if t.political]

    assert [t for t in texts if not is_political(t)] == []
    assert [t for t in texts if not is_political(normalize(t).text)] == []


def test_a_megabyte_takes_a_second_at_most() -> None:
    """Whole corpora are asked; the median of three beside other work."""
    text = "\n".join(SENTENCES + EVERYDAY) * 800
    took = []
    for _ in range(3):
        begun = time.process_time()
        is_political(text.replace("đ", "x"))
        list(matches(text))
        took.append(time.process_time() - begun)

    assert sorted(took)[1] < 2 * len(text.encode()) / 1e6


def test_protected_speech_is_found(prepared_published: Path) -> None:
    """Nearly every published row of the dev half speaks of politics by our list."""
    rows = [
        r.text
        for r in read_rows(prepared_published, Split.PROTECTED_DEV)
        if r.corpus == NAME
    ]

    assert sum(map(is_political, rows)) >= 0.95 * len(rows)
