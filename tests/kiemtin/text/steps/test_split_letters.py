"""Letters with spaces between them become words again, those of a chat stay."""

import pytest

from kiemtin.text.offsets import Edit, apply_edits
from kiemtin.text.steps import split_letters


def _joined(text: str) -> str:
    return apply_edits(text, split_letters.find(text))[0]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("l ừ a  đ ả o", "lừa  đảo"),
        ("đồ đ ầ u đ ấ t, đọc", "đồ đầu đất, đọc"),
        ("c h o t h u e phòng", "cho thue phòng"),
        ("o c c h o may", "oc cho may"),
        ("K h ô n g được", "Không được"),
        ("b ằ n g  c ấ p, Đ ạ i  l ý", "bằng  cấp, Đại  lý"),
        ("m b ị n g u", "m bị ngu"),
        ("L Ừ A\nĐ Ả O", "LỪA ĐẢO"),
        ("vào f a n p a g e", "vào fanpage"),
        ("đ c m nó", "đcm nó"),
        ("n.g.u và l ừ a", "ngu và lừa"),
    ],
)
def test_split_words_are_joined(text: str, expected: str) -> None:
    """Wide gaps part words; without them the likeliest syllables do."""
    assert _joined(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "a e k đi",
        "a e m ơi",
        "s m l",
        "x y z",
        "c e o",
        "T i r e d",
        "ăn ở đi",
        "A B C D",
        "á á á",
        "v.v a b",
        "k k k k",
    ],
)
def test_single_letters_of_chats_stay(text: str) -> None:
    """Sizes, lists, shouts and the one-letter words of a chat are no split word."""
    assert _joined(text) == text


def test_gaps_are_the_edits() -> None:
    """Each letter keeps its place; a gap between words becomes one space."""
    edits = split_letters.find("t ạ i\nn h à")

    assert list(edits) == [
        Edit(1, 2, ""),
        Edit(3, 4, ""),
        Edit(5, 6, " "),
        Edit(7, 8, ""),
        Edit(9, 10, ""),
    ]
