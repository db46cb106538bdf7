"""From raw texts to score objects."""

import shutil
from math import exp
from pathlib import Path

import pytest

from kiemtin.errors import (
    BundleCorruptError,
    BundleMissingError,
    EmptyTextError,
    InputError,
    InvalidUnicodeError,
    TextTooLongError,
)
from kiemtin.labels import Label, Recommendation
from kiemtin.manifest import WIDE_FILE
from kiemtin.schemas import MAX_CHARS, Item, ScoreOut
from kiemtin.scoring import Scorer
from tests.fixtures.tiny_bundle import (
    BIAS,
    CLEAN,
    HARM,
    HARMS,
    NO_SCAM_LOGIT,
    SPAM_LOGIT,
    WEIGHT,
    WIDE,
    sign,
    write_banded_bundle,
)

ENGLISH = "This street corner was closed because of the heavy flooding yesterday"
TEXTS = [
    "đồ ngu",
    "xin chào",
    "diệt hết",
    "xin " * 60 + "otp",
    "sale\u200b vaccine",
    "a",
]


@pytest.fixture(scope="module")
def scorer(bundle: Path) -> Scorer:
    """The tiny bundle, loaded."""
    return Scorer.load(bundle)


@pytest.fixture(scope="module")
def banded(tmp_path_factory: pytest.TempPathFactory) -> Scorer:
    """The tiny bundle with a band of abstention in which its abusive word lies."""
    return Scorer.load(write_banded_bundle(tmp_path_factory.mktemp("banded")))


@pytest.fixture(scope="module")
def wide(wide_bundle: Path) -> Scorer:
    """The tiny bundle with a wide part, loaded."""
    return Scorer.load(wide_bundle)


@pytest.mark.parametrize(("word", "harms"), HARMS.items())
def test_each_word_has_its_labels(
    scorer: Scorer, word: str, harms: tuple[Label, ...]
) -> None:
    """Every label has a probability, and the flags follow the thresholds."""
    score = scorer.score(Item("x", f"Có {word.upper()} không"))

    expected = {x: HARM if x in harms else CLEAN for x in Label}
    assert score.id == "x"
    assert score.scores == pytest.approx(expected, abs=1e-4)
    assert score.flagged == {x: x in harms for x in Label}
    assert score.recommendation == Recommendation.REVIEW


def test_clean_text(scorer: Scorer) -> None:
    """Nothing is recommended for a text with no harm in it."""
    score = scorer.score(Item("x", "Hôm nay trời đẹp"))

    assert score.recommendation == Recommendation.NONE
    assert not any(score.flagged.values())
    assert score.reasons == []
    assert score.abstain == {}


def test_batch_is_one_by_one(scorer: Scorer) -> None:
    """Scores do not depend on the neighbours in a batch."""
    items = [Item(str(i), t) for i, t in enumerate(TEXTS * 9)]

    for item, got in zip(items, scorer.score_batch(items), strict=True):
        assert isinstance(got, ScoreOut)
        assert got.id == item.id
        assert got.scores == pytest.approx(scorer.score(item).scores, abs=1e-6)


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("", EmptyTextError),
        (" \n\t", EmptyTextError),
        ("\u200b\ufeff\u00ad", EmptyTextError),
        ("\0\x01", EmptyTextError),
        ("a" * (MAX_CHARS + 1), TextTooLongError),
        ("a" * 1_000_000, TextTooLongError),
        ("ngu \ud800", InvalidUnicodeError),
        ("\udfff", InvalidUnicodeError),
    ],
    ids=["empty", "spaces", "invisible", "controls", "long", "1 MB", "high", "low"],
)
def test_bad_text_fails_alone(
    scorer: Scorer, text: str, error: type[InputError]
) -> None:
    """What cannot be scored says why without saying the text, and disturbs no other."""
    items = [Item("a", "đồ ngu"), Item("b", text, explain=True), Item("c", "sale")]

    first, bad, last = scorer.score_batch(items)

    assert isinstance(bad, error)
    assert not text or text not in str(bad)
    assert first == scorer.score(items[0])
    assert last == scorer.score(items[2])
    with pytest.raises(error):
        scorer.score(items[1])


def test_limit_is_in_characters(scorer: Scorer) -> None:
    """The longest text is read, though it takes three bytes a letter."""
    score = scorer.score(Item("x", "ệ" * (MAX_CHARS - 4) + " ngu"))

    assert score.flagged[Label.ABUSIVE]


def test_no_items(scorer: Scorer) -> None:
    """A batch of nothing is answered with nothing."""
    assert scorer.score_batch([]) == []


def test_only_bad_items(scorer: Scorer) -> None:
    """A batch in which nothing can be scored is answered one by one."""
    results = scorer.score_batch([Item("a", ""), Item("b", "\ud800")])

    assert [type(r) for r in results] == [EmptyTextError, InvalidUnicodeError]


def test_other_language_abstains(scorer: Scorer) -> None:
    """A text in another language is scored, but recommends nothing and says so."""
    score = scorer.score(Item("x", f"{ENGLISH} ngu"))

    assert score.abstain == dict.fromkeys(Label, "not_vietnamese")
    assert score.scores[Label.ABUSIVE] > 0.9
    assert not any(score.flagged.values())
    assert score.recommendation == Recommendation.NONE


def test_score_in_the_band_is_uncertain(banded: Scorer) -> None:
    """It is neither flagged nor cleared, and changes nothing for the other labels."""
    score = banded.score(Item("x", "đồ ngu"))

    assert score.abstain == {Label.ABUSIVE: "uncertain"}
    assert score.scores[Label.ABUSIVE] > 0.9
    assert not any(score.flagged.values())
    assert score.recommendation == Recommendation.NONE
    assert banded.score(Item("x", "otp")).flagged[Label.SCAM]


def test_another_language_is_not_merely_uncertain(banded: Scorer) -> None:
    """That the model cannot read it says more than that it is not sure."""
    score = banded.score(Item("x", f"{ENGLISH} ngu"))

    assert score.abstain == dict.fromkeys(Label, "not_vietnamese")


def test_hidden_word_is_found(scorer: Scorer) -> None:
    """Zero-width characters, styles and stretches hide nothing."""
    for text in ("đồ n\u200bg\u200du", "đồ 𝐧𝐠𝐮", "đồ nguuuuuu", "đồ ｎｇｕ"):
        assert scorer.score(Item("x", text)).flagged[Label.ABUSIVE], text


@pytest.mark.parametrize("at", [0, 7, 8, 20, 37])
def test_long_text_is_read_to_its_end(scorer: Scorer, at: int) -> None:
    """A harmful word counts wherever it stands in a text of several windows."""
    words = ["xin"] * 38
    words[at] = "ngu"

    score = scorer.score(Item("x", " ".join(words)))

    assert score.flagged[Label.ABUSIVE]
    assert score.text_state.windows == 6
    assert not score.text_state.truncated


def test_too_long_text_says_what_was_left_out(scorer: Scorer) -> None:
    """More windows than are read: first and last count, the rest is owned up to."""
    state = scorer.score(Item("x", "xin " * 80)).text_state

    assert state.truncated
    assert state.windows == 6
    assert state.windows_left_out == 7
    assert state.tokens == 80


def test_text_state(scorer: Scorer) -> None:
    """What was done to a text before it was read is said."""
    state = scorer.score(Item("x", "đồ  n\u200bgu quá di")).text_state

    assert state.normalizations == {"invisible": 1, "spaces": 1}
    assert state.diacritic_ratio == 0.5
    assert state.windows == 1


def test_model(scorer: Scorer) -> None:
    """A reply can say exactly which model it came from."""
    assert scorer.model.name == "tiny"
    assert scorer.model.digest.startswith("sha256:")
    assert scorer.model.calibration == dict.fromkeys(Label, "platt")


def test_no_bundle_no_scores(tmp_path: Path) -> None:
    """Without a whole bundle there is no scorer."""
    with pytest.raises(BundleMissingError):
        Scorer.load(tmp_path)


SURE_COMMENT = (1 - 1 / (1 + exp(6)) / 0.8) * -2
"""Of scam, where the gate says by 6 that a text is a comment."""


@pytest.mark.parametrize(
    ("text", "spam", "scam"),
    [
        ("xin chào", (BIAS, 0), (BIAS, NO_SCAM_LOGIT)),
        ("mua sale", (BIAS + WEIGHT, 0), (BIAS, NO_SCAM_LOGIT)),
        ("khuyến mãi", (BIAS, SPAM_LOGIT), (BIAS, NO_SCAM_LOGIT)),
        ("KHUYẾN mãi", (BIAS, SPAM_LOGIT), (BIAS, NO_SCAM_LOGIT)),
        ("khuyen mai", (BIAS, SPAM_LOGIT / 2), (BIAS, NO_SCAM_LOGIT)),
        ("khuyến sale", (BIAS + WEIGHT, SPAM_LOGIT), (BIAS, NO_SCAM_LOGIT)),
        ("gửi otp", (BIAS, 0), (BIAS + WEIGHT, NO_SCAM_LOGIT)),
        ("gửi otp ạ", (BIAS, 0), (BIAS + WEIGHT, SURE_COMMENT)),
        ("xin " * 60 + "khuyến", (BIAS, SPAM_LOGIT), (BIAS, NO_SCAM_LOGIT)),
        (
            "xin " * 60 + "khuyến" + " xin" * 60,
            (BIAS, SPAM_LOGIT),
            (BIAS, NO_SCAM_LOGIT),
        ),
    ],
)
def test_wide_part_moves_the_score(
    wide: Scorer, text: str, spam: tuple[float, float], scam: tuple[float, float]
) -> None:
    """Each is weighed as the manifest says; the wide part reads the whole text."""
    scores = wide.score(Item("x", text)).scores

    for label, (network, told) in ((Label.SPAM, spam), (Label.SCAM, scam)):
        weights = WIDE.mixing[label]
        logit = weights.network * network + weights.wide * told
        assert scores[label] == pytest.approx(1 / (1 + exp(-logit)), abs=1e-4)


@pytest.mark.parametrize("word", HARMS)
def test_wide_part_leaves_other_labels_alone(
    scorer: Scorer, wide: Scorer, word: str
) -> None:
    """Where it has no weight, every score is the network's."""
    item = Item("x", f"có {word} khuyến ạ")
    mixed, alone = wide.score(item).scores, scorer.score(item).scores

    for label in (Label.UNRELIABLE, Label.ABUSIVE, Label.HATE):
        assert mixed[label] == alone[label]


def test_batch_with_a_wide_part_is_one_by_one(wide: Scorer) -> None:
    """The wide part reads each text of a batch for itself; one unreadable stops none."""
    texts = [*TEXTS, "khuyến", "", "gửi otp ạ", "xin " * 60 + "khuyen"]
    items = [Item(str(i), t) for i, t in enumerate(texts * 3)]

    for item, got in zip(items, wide.score_batch(items), strict=True):
        if item.text:
            assert isinstance(got, ScoreOut)
            assert got.scores == pytest.approx(wide.score(item).scores, abs=1e-6)
        else:
            assert isinstance(got, EmptyTextError)


def test_wide_part_of_another_shape_is_refused(
    wide_bundle: Path, tmp_path: Path
) -> None:
    """A file that the manifest vouches for must still be the one that it describes."""
    copy = shutil.copytree(wide_bundle, tmp_path / "copy")
    (copy / WIDE_FILE).write_bytes(b"")

    with pytest.raises(BundleCorruptError, match=WIDE_FILE):
        Scorer.load(sign(copy))
