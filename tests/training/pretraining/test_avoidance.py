"""What a model is examined on is not among what it is pretrained on."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiemtin.text import normalize
from training.errors import PreparedError
from training.preparation.load import read_rows
from training.pretraining.avoidance import Avoided, examined_texts
from training.splits import Split

EXAMINED = "Hôm nay trời đẹp quá cả nhà ơi đi chơi công viên"

words = st.lists(st.text("aăâbcdđeêghi", min_size=1, max_size=4), max_size=20)


@pytest.mark.parametrize(
    "document",
    [
        EXAMINED,
        "Tin mới: HOM NAY troi dep qua, ca nha oi!!! đi ngủ",
        "đẹp quá cả nhà ơi đi chơi",
    ],
)
def test_seven_words_running_are_avoided(document: str) -> None:
    """Capitals, signs and lost diacritics do not hide a text that is examined."""
    assert Avoided([EXAMINED]).touches(document)


@pytest.mark.parametrize(
    "document",
    [
        "hôm nay trời đẹp quá cả làng",
        "công viên chơi đi ơi nhà cả quá đẹp trời nay hôm",
        "",
    ],
)
def test_fewer_words_are_a_coincidence(document: str) -> None:
    """Six words running, or the same ones in another order, leave a document in."""
    assert not Avoided([EXAMINED]).touches(document)


def test_short_text_is_avoided_as_a_whole() -> None:
    """A comment of two words keeps out the same comment, and no sentence with it."""
    avoided = Avoided(["hay quá"])

    assert avoided.touches("Hay qua!")
    assert not avoided.touches("phim này hay quá")


@given(before=words, examined=words, after=words)
def test_a_text_is_found_wherever_it_stands(
    before: list[str], examined: list[str], after: list[str]
) -> None:
    """A document that holds a whole text of seven words or more is avoided."""
    avoided = Avoided([" ".join(examined)])
    document = " ".join([*before, *examined, *after])

    if len(examined) >= 7:
        assert avoided.touches(document)


def test_examined_splits_are_avoided_and_train_is_not(prepared: Path) -> None:
    """Dev, test and both halves of protected speech are avoided, all of them."""
    texts = set(examined_texts(prepared))
    by_split = {
        s: {normalize(r.text).text for r in read_rows(prepared, s)} for s in Split
    }

    assert texts == set().union(
        by_split[Split.DEV],
        by_split[Split.TEST],
        by_split[Split.PROTECTED_DEV],
        by_split[Split.PROTECTED_TEST],
    )
    assert by_split[Split.TRAIN] - texts


def test_missing_prepared_set_is_an_error(tmp_path: Path) -> None:
    """Without the prepared set nothing is pretrained: nobody knows what to avoid."""
    with pytest.raises(PreparedError):
        list(examined_texts(tmp_path))
