"""Reasons point into the original text, and pass their own deletion test."""

import unicodedata
from pathlib import Path
from time import process_time

import pytest

from kiemtin.labels import Label
from kiemtin.schemas import Item, ReasonOut
from kiemtin.scoring import Scorer


@pytest.fixture(scope="module")
def scorer(bundle: Path) -> Scorer:
    """The tiny bundle, loaded."""
    return Scorer.load(bundle)


@pytest.fixture(scope="module")
def wide(wide_bundle: Path) -> Scorer:
    """The tiny bundle with a wide part, loaded."""
    return Scorer.load(wide_bundle)


def _reasons(scorer: Scorer, text: str) -> list[ReasonOut]:
    return scorer.score(Item("x", text, explain=True)).reasons


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("đồ ngu quá", "ngu"),
        ("ngu", "ngu"),
        ("NGU thế", "NGU"),
        (unicodedata.normalize("NFD", "tiếng Việt đồ ngu ạ"), "ngu"),
        (
            unicodedata.normalize("NFD", "phải diệt hết"),
            unicodedata.normalize("NFD", "diệt"),
        ),
        ("đồ n\u200bg\u200du quá", "n\u200bg\u200du"),
        ("\ufeff\u200bngu\u200b quá", "ngu"),
        ("😀👨\u200d👩\u200d👧 đồ ngu 😀", "ngu"),
        ("đồ 𝐧𝐠𝐮 quá", "𝐧𝐠𝐮"),
        ("quá nguuuuu luôn", "nguuuuu"),
        ("gọi  0912 345 678\n\n@an  ngu", "ngu"),
        ("  \t ngu", "ngu"),
        ("xin " * 35 + "ngu", "ngu"),
        ("xin " * 200 + "ngu", "ngu"),
    ],
)
def test_offsets_are_of_the_original(scorer: Scorer, text: str, word: str) -> None:
    """A reason is the word as its author wrote it, where its author wrote it."""
    found = [r for r in _reasons(scorer, text) if r.label == Label.ABUSIVE]

    assert [r.text for r in found] == [word]
    assert text[found[0].start : found[0].end] == word


def test_deletion_lowers_the_score(scorer: Scorer) -> None:
    """Without a reason the score falls by its weight."""
    text = "chích vaccine rồi mua sale đi"
    before = scorer.score(Item("x", text, explain=True))

    assert {r.label for r in before.reasons} == {Label.UNRELIABLE, Label.SPAM}
    for reason in before.reasons:
        shorter = text[: reason.start] + text[reason.end :]
        after = scorer.score(Item("x", shorter)).scores[reason.label]
        assert before.scores[reason.label] - after == pytest.approx(
            reason.weight, abs=1e-3
        )


def test_clean_text_has_no_reasons(scorer: Scorer) -> None:
    """Where nothing moved a score, no reason is made up."""
    assert _reasons(scorer, "hôm nay trời đẹp quá") == []


def test_reasons_only_when_asked_for(scorer: Scorer) -> None:
    """Reasons cost time, so nobody gets them unasked."""
    assert scorer.score(Item("x", "ngu")).reasons == []


def test_reasons_change_no_scores(scorer: Scorer) -> None:
    """A text gets the same scores whether it is explained or not."""
    asked = scorer.score(Item("x", "đồ ngu sale", explain=True))

    assert asked.model_copy(update={"reasons": []}) == scorer.score(
        Item("x", "đồ ngu sale")
    )


def test_longest_text_is_explained(scorer: Scorer) -> None:
    """A text of the greatest length is explained to the word, in bounded work."""
    text = "xin chào " * 7_000 + "ngu"

    assert [r.text for r in _reasons(scorer, text)] == ["ngu"]


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("hôm nay khuyến mãi lớn", "khuyến"),
        ("khuyến", "khuyến"),
        ("KHUYẾN mãi", "KHUYẾN"),
        ("hom nay khuyen mai", "khuyen"),
        ("  \t 😀 khu\u200byến mãi", "khu\u200byến"),
        (
            unicodedata.normalize("NFD", "tiếng Việt khuyến ạ"),
            unicodedata.normalize("NFD", "khuyến"),
        ),
        ("khuyến " + "xin " * 35, "khuyến"),
        ("xin " * 16 + "khuyến" + " xin" * 16, "khuyến"),
        ("xin " * 35 + "khuyến", "khuyến"),
        ("xin " * 200 + "khuyến", "khuyến"),
    ],
)
def test_word_of_the_wide_part_is_a_reason(wide: Scorer, text: str, word: str) -> None:
    """Where the wide part alone knows a word, it is found in whatever window it is."""
    reasons = _reasons(wide, text)

    assert [(r.label, r.text) for r in reasons] == [(Label.SPAM, word)]
    assert text[reasons[0].start : reasons[0].end] == word


def test_deletion_lowers_the_mixed_score(wide: Scorer) -> None:
    """What a reason weighs is what both, network and wide part, lose without it."""
    text = "chích vaccine khuyến mãi gửi otp ạ"
    before = wide.score(Item("x", text, explain=True))

    assert {r.text for r in before.reasons} == {"vaccine", "khuyến", "otp"}
    for reason in before.reasons:
        shorter = text[: reason.start] + text[reason.end :]
        after = wide.score(Item("x", shorter)).scores[reason.label]
        assert before.scores[reason.label] - after == pytest.approx(
            reason.weight, abs=1e-3
        )


def test_word_that_other_windows_repeat_is_a_reason(wide: Scorer) -> None:
    """Who says a word all through a long text does not hide it so."""
    reasons = _reasons(wide, "khuyến mãi " * 40)

    assert {(r.label, r.text) for r in reasons} == {(Label.SPAM, "khuyến")}


def test_network_and_wide_part_are_each_explained(wide: Scorer) -> None:
    """Words that move different labels are found in different windows."""
    text = "ngu " + "xin " * 16 + "otp " + "xin " * 16 + "khuyến"

    found = {(r.label, r.text) for r in _reasons(wide, text)}

    assert found == {
        (Label.ABUSIVE, "ngu"),
        (Label.SCAM, "otp"),
        (Label.SPAM, "khuyến"),
    }


def test_clean_text_has_no_reasons_of_the_wide_part(wide: Scorer) -> None:
    """Where neither network nor wide part was moved, no reason is made up."""
    assert _reasons(wide, "hôm nay trời đẹp quá") == []


def test_longest_text_is_explained_in_time(wide: Scorer) -> None:
    """To explain a long text, the wide part does not read all of it for each word."""
    text = " ".join(f"x{i}" for i in range(9_000)) + " khuyến " + "a b c d e f"
    began = process_time()
    wide.score(Item("x", text))
    n_scoring_s = process_time() - began

    began = process_time()
    reasons = _reasons(wide, text)

    assert [r.text for r in reasons] == ["khuyến"]
    assert process_time() - began < 2 * n_scoring_s + 0.1
