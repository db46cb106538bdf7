"""A topic is told by words of ours."""

import unicodedata

import pytest

from kiemtin.text.syllables import words_of
from training.evaluation.topics import read_terms, topic_of


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("Bệnh viện ghi nhận thêm bệnh nhân dương tính", "health"),
        ("benh vien ghi nhan them benh nhan duong tinh", "health"),
        ("Cầu thủ ghi bàn ở phút cuối trận đấu", "sport"),
        ("shop giao hàng nhanh, đóng gói kỹ", "shopping"),
        ("chào buổi sáng", ""),
        ("", ""),
    ],
)
def test_a_text_is_about_what_it_names(text: str, topic: str) -> None:
    """With its marks or without them, a text is about what most of its terms say."""
    assert topic_of(words_of(text)) == topic


def test_a_term_that_is_repeated_counts_once() -> None:
    """Who says one word ten times has not said more than it."""
    assert topic_of(words_of("phim " * 10 + "bệnh viện bác sĩ")) == "health"


def test_terms_are_of_one_topic() -> None:
    """No term is in two topics, and all are written as texts are read."""
    terms = [t for found in read_terms().values() for t in found]

    assert len(terms) == len(set(terms))
    assert terms == [unicodedata.normalize("NFC", t.lower()) for t in terms]
