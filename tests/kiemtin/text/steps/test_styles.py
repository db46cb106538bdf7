"""Styled letters become plain ones."""

import pytest

from kiemtin.text.offsets import Edit, apply_edits
from kiemtin.text.steps import styles


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ｓａｌｅ！", "sale!"),
        ("𝐬𝐚𝐥𝐞 𝟓𝟎", "sale 50"),
        ("ⓢⓐⓛⓔ", "sale"),
        ("ℒ℮", "L℮"),
        ("ᴠᴀʏ ɴʜᴀɴʜ", "vay nhanh"),
        ("ᴺᴳᵁ ᶜˡ", "NGU cl"),
        ("⒩⒢⒰ 🄽🅖🆄", "ngu NGU"),
        ("ﬁx, Ⅷ, 95℅", "fix, VIII, 95%"),
        ("🇳 🇬 🇺", "N G U"),
        ("⓪⑨❶", "091"),
        ("（a） 🇻🇳 ①", "(a) 🇻🇳 ①"),
        ("№ ™ m²", "№ ™ m²"),
        ("20℃", "20℃"),
        ("Ｖｉệｔ", "Việt"),
        ("½ ², ①", "½ ², ①"),
    ],
)
def test_styled_letters_become_plain(text: str, expected: str) -> None:
    """What has one ASCII meaning gets it; the rest is left alone."""
    assert apply_edits(text, styles.find(text))[0] == expected


def test_edit_stands_where_the_letter_is() -> None:
    """Each styled letter is an edit of its own."""
    assert list(styles.find("a𝐬b")) == [Edit(1, 2, "s")]
