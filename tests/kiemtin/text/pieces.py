"""Strategies for texts of the pieces that the steps of normalization look for."""

from hypothesis import strategies as st

from kiemtin.text.lexicons import TEENCODE
from tests.fixtures.texts import ANY_TEXT

_PIECES = (
    *"aăâeêioôơuưyđnghctpkrmsxvlAĐNGU0123456789.-_*/:@!$&#;<>()|'\n \t",
    *(
        "&amp;",
        "amp;",
        "#38;",
        "#x26;",
        "&lt;",
        "&#",
        "&nbsp",
        "&agrave;",
        "lt;",
        "8203;",
    ),
    *("\u200b", "\u200d", "\ufe0f", "\u2800", "\u034f", "\u00ad", "\u0301", "\u0323"),
    *(
        "\u0302",
        "\u0336",
        "\u20e3",
        "\u0309" * 9,
        "\u0338",
        "\u1100",
        "\u1161",
        "\u11a8",
    ),
    *(
        "а",
        "о",
        "с",
        "р",
        "х",
        "Я",
        "ж",
        "α",
        "ο",
        "μ",
        "ð",
        "Ð",
        "ǎ",
        "ö",
        "𝐚",
        "ｇ",
        "ⓤ",
    ),
    *(
        "ᴜ",
        "①",
        "②",
        "ﬁ",
        "🇻",
        "🇳",
        "👍",
        "🏽",
        "👩",
        "⚕",
        "🏴",
        "\U000e0067",
        "😀",
        "Ⅷ",
    ),
    *(
        "  ",
        "...",
        "aaa",
        "ngu",
        "lừa",
        "đảo",
        "hoà",
        "thuỷ",
        "quý",
        "n.g.u",
        "đ.m",
        "k",
    ),
    *(
        "0912345678",
        "0912 345 678",
        "500k",
        "2 triệu",
        "a.vn",
        "http://",
        "www.",
        "@ab",
    ),
    *(
        "<url>",
        "<phone>",
        "ko",
        "dc",
        "vl",
        "ch3t",
        "n9u",
        "fải",
        "khôg",
        "VIII",
        "PCCC",
    ),
    *("l ừ a", "т о", "3 ", " 5", "\x00", "\ud800", "ệ", "e\u0302\u0323", "İ", "ß"),
)

PIECED = st.lists(
    st.one_of(st.sampled_from(_PIECES), st.sampled_from(sorted(TEENCODE)))
)
"""Strings of such pieces; ANY_TEXT seldom builds a word."""

TEXT = st.one_of(ANY_TEXT, PIECED.map("".join))
"""Any string at all, half of them of what the steps look for."""
