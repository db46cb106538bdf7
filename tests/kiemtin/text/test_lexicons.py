"""The lexicon of chat spelling: sound in itself, and true to what people write."""

import csv
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiemtin.text.lexicons import (
    SWAPS,
    TEENCODE,
    Kind,
    Place,
    read_swaps,
    read_teencode,
    respell,
)
from kiemtin.text.steps import tones
from kiemtin.text.syllables import is_syllable, strip_marks, words_of
from tests.fixtures.published import published_corpora
from tests.fixtures.texts import ANY_TEXT

HEAD = "written\tmeant\tkind\n"
LEFT_OUT = Path(__file__).with_name("left_out.txt")

_LINK = re.compile(r"https?://\S+|<\w+>")
_VOWEL = re.compile(r"[^\Wbcdfghjklmnpqrstvwxzđ]")
_STRETCH = re.compile(r"(.)\1\1")


def column(path: Path, *names: str) -> Iterator[str]:
    """Yield the cells of the columns *names* of a published table."""
    with path.open(newline="", encoding="utf-8-sig") as f:
        for record in csv.DictReader(f):
            yield from (record[n] or "" for n in names)


def counts(texts: Iterator[str]) -> Counter[str]:
    """Count the words of *texts*, links left out."""
    return Counter(
        w
        for t in texts
        for w in words_of(_LINK.sub(" ", unicodedata.normalize("NFC", t)))
    )


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("ko", "không"),
        ("đc", "được"),
        ("ntn", "như thế nào"),
        ("sđt", "số điện thoại"),
        ("ib", "nhắn tin"),
    ],
)
def test_common_spellings_are_known(written: str, meant: str) -> None:
    """What is typed all day is read, wherever it stands."""
    assert TEENCODE[written] == (written, meant, Kind.ALWAYS)


def test_lexicon_is_large_enough() -> None:
    """It covers far more than the handful that everybody thinks of first."""
    assert len(TEENCODE) >= 350


def test_lexicon_is_frozen() -> None:
    """Nobody changes a spelling while others read it."""
    with pytest.raises(TypeError):
        cast("Any", TEENCODE)["ko"] = None


@pytest.mark.parametrize(
    ("written", "stem"),
    [("đm", "địt"), ("vcl", "lồn"), ("cc", "cặc"), ("clgt", "lồn"), ("đkm", "địt")],
)
def test_vulgar_shortening_stays_vulgar(written: str, stem: str) -> None:
    """An insult that was shortened is written out, and not made harmless."""
    assert stem in TEENCODE[written].meant.split()


@pytest.mark.parametrize("letter", "krhjvz")
def test_single_letters_have_a_condition(letter: str) -> None:
    """A letter may be a size, a metre or an initial: none is read everywhere."""
    assert letter in TEENCODE
    assert TEENCODE[letter].kind is not Kind.ALWAYS


@pytest.mark.parametrize("letter", "acđelmqst")
def test_letters_of_many_meanings_are_not_read(letter: str) -> None:
    """Nobody can say whether m is mày, mình or a metre."""
    assert TEENCODE[letter].kind is Kind.NEVER


@pytest.mark.parametrize(
    "word",
    "ma the đi em anh con la ban to bo me toi nuoc lon cut dit bit hong hem hông thui "  # noqa: SIM905 -- reads as a list of words
    "manh mún chua lo bun pho dell ban be nha nhe ha a ban moi lai mai sao tao may no".split(),
)
def test_common_syllable_is_not_read_as_another(word: str) -> None:
    """A word of Vietnamese, with its marks or without, means itself."""
    assert word not in TEENCODE or TEENCODE[word].kind is Kind.NEVER


def test_entries_are_in_the_form_of_normalized_text() -> None:
    """An entry can be found in a text that went through the other steps."""
    texts = [text for e in TEENCODE.values() for text in e[:2]]

    assert [t for t in texts if not unicodedata.is_normalized("NFC", t)] == []
    assert [t for t in texts if list(tones.find(t))] == []
    assert [t for t in texts if " ".join(words_of(t)) != t] == []


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        ("ko\tkhông\talways\nko\tkhông\tnever\n", "line 2: 'ko' is written twice"),
        ("ko\thông\talways\nhông\tkhông\tnever\n", "means 'hông', an entry itself"),
        ("ntn\tnhư tn\talways\ntn\tthế nào\tnever\n", "means 'tn', an entry itself"),
        ("ko\tko\talways\n", "means 'ko', an entry itself"),
        ("Ko\tkhông\talways\n", "line 2: 'Ko' is not in lower case"),
        ("ko\tKhông\talways\n", "is not in lower case"),
        ("ko\tkhông\n", "has not 3 cells"),
        ("ko\t\talways\n", "has not 3 cells"),
        ("ko\tkhông\tsometimes\n", "sometimes"),
    ],
)
def test_unsound_lexicon_is_refused(rows: str, why: str) -> None:
    """A lexicon in which expanding twice is not expanding once does not load."""
    with pytest.raises(ValueError, match=re.escape(why)):
        read_teencode(HEAD + rows)


def test_lexicon_without_its_head_is_refused() -> None:
    """Columns in another order would turn every word around."""
    with pytest.raises(ValueError, match="head of written, meant, kind"):
        read_teencode("meant\twritten\tkind\n")


def test_swaps_say_where() -> None:
    """A rule names a place of the syllable and its two spellings."""
    (swap,) = read_swaps("place\tmeant\twritten\tkind\nonset\tph\tf\talways\n")

    assert swap == (Place.ONSET, "ph", "f", Kind.ALWAYS)
    assert len(set(SWAPS)) == len(SWAPS)


@pytest.mark.parametrize(
    ("written", "meant"),
    [("khôg", "không"), ("fải", "phải"), ("wê", "quê"), ("mìh", "mình")],
)
def test_swapped_letter_is_read(written: str, meant: str) -> None:
    """One letter off in a word with marks is put right."""
    assert respell(written) == meant


@pytest.mark.parametrize("word", ["fan", "web", "mong", "trường", "king", "café", ""])
def test_other_words_are_left_alone(word: str) -> None:
    """What has no Vietnamese mark, or is a syllable already, stays."""
    assert respell(word) is None


def test_words_that_are_meant_stay() -> None:
    """No rule touches a word that is spelled as in school."""
    meant = {w for e in TEENCODE.values() for w in e.meant.split()}

    assert [w for w in meant if respell(w)] == []


@given(word=st.one_of(ANY_TEXT, st.sampled_from(sorted(TEENCODE))))
def test_respelling_ends(word: str) -> None:
    """What comes out of a rule is a syllable, and no rule changes it again."""
    read = respell(word)

    if read is not None:
        assert is_syllable(read)
        assert respell(read) is None


def test_frequent_chat_words_are_known() -> None:
    """Of the 400 most frequent words that are no syllables none was overlooked."""
    corpora = published_corpora()
    harm = counts(
        text
        for path, name in (
            ("vihsd/train.csv", "free_text"),
            ("vihsd/dev.csv", "free_text"),
            ("vlsp2019_hsd/train.csv", "free_text"),
            ("victsd/ViCTSD_train.csv", "Comment"),
        )
        for text in column(corpora / path, name)
    )
    lines = LEFT_OUT.read_text(encoding="utf-8").splitlines()
    left_out = {w for line in lines for w in line.partition(": ")[2].split()}
    strange = [
        w
        for w, _ in harm.most_common()
        if not _STRETCH.search(w) and not (is_syllable(w) and _VOWEL.search(w))
    ][:400]
    known = TEENCODE.keys() | left_out

    assert [w for w in strange if w not in known and not respell(w)] == []


def test_expanded_spellings_are_rare_in_the_news() -> None:
    """What is always expanded is no word of edited Vietnamese, stripped or not."""
    table = published_corpora() / "vifactcheck" / "train_gold_evidence.csv"
    news = counts(iter(set(column(table, "statement", "evidence"))))
    stripped: Counter[str] = Counter()
    for word, n in news.items():
        stripped[strip_marks(word)] += n
    most = 20 * news.total() / 1_000_000

    always = [e.written for e in TEENCODE.values() if e.kind is Kind.ALWAYS]
    assert [w for w in always if max(news[w], stripped[w]) > most] == []
