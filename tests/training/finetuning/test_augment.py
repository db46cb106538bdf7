"""Augmentation is seeded and does what the recipe says."""

import random
import unicodedata

from training.finetuning.augment import augment
from training.recipes.tuning import AugmentSection

NOTHING = AugmentSection(perturbed={}, unpunctuated=0, words_dropped=0)
TEXT = "Đường phố, hôm nay! Rất đông người."


def test_nothing_asked_changes_nothing() -> None:
    """With all shares at zero a text stays as it is."""
    assert augment(TEXT, NOTHING, random.Random(0)) == TEXT


def test_same_seed_gives_same_text() -> None:
    """A run can be repeated."""
    section = NOTHING.model_copy(
        update={"perturbed": {"half_stripped": 1.0}, "words_dropped": 1.0}
    )

    texts = {augment(TEXT, section, random.Random(5)) for _ in range(5)}

    assert len(texts) == 1


def test_stripped_text_has_no_marks() -> None:
    """No diacritic is left, also not the bar of đ."""
    section = NOTHING.model_copy(update={"perturbed": {"stripped": 1.0}})

    stripped = augment(TEXT, section, random.Random(0))

    assert stripped == "Duong pho, hom nay! Rat dong nguoi."
    assert unicodedata.normalize("NFD", stripped) == stripped


def test_unpunctuated_text_keeps_its_words() -> None:
    """Signs go, words and links stay."""
    section = NOTHING.model_copy(update={"unpunctuated": 1.0})

    text = augment("Xem ngay!!! 😂 https://a.vn/b nhé.", section, random.Random(0))

    assert text.split() == ["Xem", "ngay", "https://a.vn/b", "nhé"]
