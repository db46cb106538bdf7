"""Signs between letters go where they hide a word, and nowhere else."""

import pytest

from kiemtin.text.offsets import Edit, apply_edits
from kiemtin.text.steps import signs


def _joined(text: str) -> str:
    return apply_edits(text, signs.find(text))[0]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("n.g.u quá", "ngu quá"),
        ("l-ừ-a l_ừ_a l/ừ/a n*g*u", "lừa lừa lừa ngu"),
        ("n..g..u", "ngu"),
        ("t . h . ẻ", "thẻ"),
        ("l.ừ.a.đ.ả.o", "lừa đảo"),
        ("th.ằng ch.ết t.ử vong", "thằng chết tử vong"),
        ("l.ồ.n, l.ồn, đ.m", "lồn, lồn, đm"),
        ("g.i.ấ.u x.ă.n.g", "giấu xăng"),
        ("s.e.x, l.i.k.e", "sex, like"),
        ("CÓ C.Ô.N.G", "CÓ CÔNG"),
    ],
)
def test_hidden_words_are_joined(text: str, expected: str) -> None:
    """Whatever the sign, if the letters make a syllable or a word that is hidden."""
    assert _joined(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "v.v.",
        "T.P. H.C.M",
        "bà T.H.A đi",
        "U.S.A",
        "a.b.c.d",
        "TP.HCM",
        "8 a.m, k.o",
        "rồi.mai",
        "đó.a, đẹp lắm.a",
        "ca-na-đa, a-xít, ô-tô, ti-vi",
        "s-m-l, p/s, km/h",
        "Le's, Ch'oe",
        "T.Anh, H.Yến",
        "đi,mai",
        "#t.a.o",
    ],
)
def test_initials_lists_and_sentences_stay(text: str) -> None:
    """What people write with signs between letters every day keeps them."""
    assert _joined(text) == text


def test_doubtful_words_need_a_sure_one() -> None:
    """A sign that may end a sentence goes only where another hides a word for sure."""
    assert _joined("a.n") == "a.n"
    assert _joined("C.ô.n.g a.n") == "Công an"


def test_signs_are_the_edits() -> None:
    """Letters keep their places."""
    assert list(signs.find("đồ n.gon.")) == []
    assert list(signs.find("đồ n.g.u.")) == [Edit(4, 5, ""), Edit(6, 7, "")]
