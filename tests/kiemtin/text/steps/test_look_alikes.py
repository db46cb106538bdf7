"""Letters of other alphabets become Latin in Vietnamese words, and nowhere else."""

import pytest

from kiemtin.text.offsets import Edit, apply_edits
from kiemtin.text.steps import look_alikes


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("đồ mất dạу", "đồ mất dạy"),
        ("сhê người kháс хấu", "chê người khác xấu"),
        ("mã ОТР, inbох", "mã OTP, inbox"),
        ("đấυ gấρ αnh", "đấu gấp anh"),
        ("са nước аn ở", "ca nước an ở"),
        ("Ðảng, Ðức, nǎm", "Đảng, Đức, năm"),
        ("lừä đảö", "lừa đảo"),
        ("v℮ đ℮m", "ve đem"),
        ("b\u043e\u0302\u0301", "bo\u0302\u0301"),
    ],
)
def test_vietnamese_words_become_latin(text: str, expected: str) -> None:
    """A mixed word, or one that reads as a syllable where all around is Vietnamese."""
    assert apply_edits(text, look_alikes.find(text))[0] == expected


@pytest.mark.parametrize(
    "text",
    [
        "Россия là nước Nga",
        "очень хорошо, са со",
        "СССР tan rã năm 1991",
        "hạt α và β, 5 μg, Δt, 17β",
        "Δημοκρατία",
        "Sigurðsson, Müller, Björk, Tomáš",
        "हिन्दी 漢字 ไทย",
        "привет",
    ],
)
def test_other_languages_stay(text: str) -> None:
    """Real Russian, Greek, Icelandic and German, and the letters of science."""
    assert apply_edits(text, look_alikes.find(text)) == (text, None)


def test_one_foreign_word_protects_its_alphabet() -> None:
    """Words that could be either are left alone beside one that is surely Russian."""
    assert apply_edits("са", look_alikes.find("са"))[0] == "ca"
    assert apply_edits("са жук", look_alikes.find("са жук"))[1] is None


def test_each_letter_is_an_edit() -> None:
    """Latin letters of the same word keep their places."""
    assert list(look_alikes.find("đồ хấu")) == [Edit(3, 4, "x")]
