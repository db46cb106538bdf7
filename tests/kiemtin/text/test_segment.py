"""Words are joined, and still stand where they stood."""

import sys
from importlib import import_module
from pathlib import Path

import pytest
from hypothesis import given

from kiemtin.errors import SegmenterUnavailableError
from kiemtin.text import normalize
from kiemtin.text.segment import (
    TRACE,
    Segmenter,
    installed_version,
    load_segmenter,
    segment,
)
from tests.fixtures.texts import ANY_TEXT

CORE = '''
"""Joins two tokens that its dictionary has as one word."""

class CRFTagger:
    def load(self, path):
        open(path).close()
    def tag(self, pairs):
        return ["I-W" if joined else "B-W" for joined in pairs]

class CRFFeaturizer:
    def __init__(self, features, words):
        self.words = words
    def process(self, sentences):
        return [
            [i > 0 and f"{s[i - 1][0]} {t[0]}".lower() in self.words
             for i, t in enumerate(s)]
            for s in sentences
        ]
'''
WORDS = {"lừa đảo", "công an", "đảo ,", "<url> an"}
FAKE_VERSION = "9.9+1.1"


def write_fake_underthesea(folder: Path) -> None:
    """Write packages that look like underthesea and its core, and know four words."""
    model = (
        folder / "underthesea/pipeline/word_tokenize/models/ws_crf_vlsp2013_20230727"
    )
    model.mkdir(parents=True)
    joblib = import_module("joblib")
    (model / "models.bin").touch()
    joblib.dump(["T[0]"], model / "features.bin")
    joblib.dump(WORDS, model / "dictionary.bin")
    (folder / "underthesea/__init__.py").write_text("raise RuntimeError")
    (folder / "underthesea_core.py").write_text(CORE)
    for name, version in (("underthesea", "9.9"), ("underthesea_core", "1.1")):
        info = folder / f"{name}-{version}.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Name: {name}\nVersion: {version}\n")


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of packages in which the fake is installed."""
    folder = tmp_path_factory.mktemp("packages")
    write_fake_underthesea(folder)
    return folder


@pytest.fixture(scope="module")
def fake(packages: Path) -> Segmenter:
    """A segmenter as underthesea would be, loaded by the way that bundles take."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(packages)
        patch.delitem(sys.modules, "underthesea_core", raising=False)
        segmenter = load_segmenter("underthesea", FAKE_VERSION)
        del sys.modules["underthesea_core"]
    return segmenter


def test_words_are_joined_and_signs_stand_alone(fake: Segmenter) -> None:
    """A space inside a word becomes a join; a sign no longer touches a word."""
    text = normalize('Bọn "lừa đảo", giả Công an (60.000đ/ngày)!')

    assert segment(text, fake).text == (
        'Bọn " lừa_đảo " , giả Công_an ( 60.000 đ / ngày ) !'
    )


@pytest.mark.parametrize(
    "text", ["covid-19", "TP.HCM", "4K", "20:30", "5/3/2026", "<3", "❤\ufe0f"]
)
def test_what_is_one_token_stays_whole(fake: Segmenter, text: str) -> None:
    """Dates, times, abbreviations and hyphenated words are one token."""
    assert list(fake.find(text)) == []


def test_full_stop_behind_an_abbreviation(fake: Segmenter) -> None:
    """A dot belongs to an abbreviation, but ends the text at its end."""
    assert segment(normalize("TP. HCM, ở TP."), fake).text == "TP. HCM , ở TP ."


def test_only_words_are_joined(fake: Segmenter) -> None:
    """Whatever the model says, no sign and no placeholder becomes part of a word."""
    assert segment(normalize("đảo , www.a.vn an"), fake).text == "đảo , <url> an"


def test_what_was_done_is_counted(fake: Segmenter) -> None:
    """The edits are in the trace, under a name of their own."""
    assert segment(normalize("bọn  lừa đảo!"), fake).trace == {"spaces": 1, TRACE: 2}


def test_word_leads_back_to_the_original(fake: Segmenter) -> None:
    """A joined word is found again in the text that the person wrote."""
    original = "«Bọn  lừa\u200b đảo»!"
    text = segment(normalize(original), fake)

    at = text.text.index("lừa_đảo")
    start, end = text.original_span(at, at + len("lừa_đảo"))

    assert original[start:end] == "lừa\u200b đảo"


@given(ANY_TEXT)
def test_nothing_but_spaces_changes(fake: Segmenter, text: str) -> None:
    """For any text, each character is still there, in its order, and leads back."""
    before = normalize(text)
    after = segment(before, fake)
    led_back = []
    for i, character in enumerate(after.text):
        span = (i, i + 1)
        for way in after.maps[len(before.maps) :]:
            span = way.span(*span)
        if before.text[slice(*span)] == character != " ":
            led_back.append((*span, character))

    assert led_back == [(i, i + 1, c) for i, c in enumerate(before.text) if c != " "]


@pytest.mark.timeout(60)
@pytest.mark.parametrize("piece", ["a.bc/!", "!", "a-", "1.", "A.", "<", "<url", "_"])
def test_hostile_text_is_cut_in_time(fake: Segmenter, piece: str) -> None:
    """The longest text takes moments: links are not searched for again and again."""
    head, sign = piece[:-1], piece[-1]

    list(fake.find(piece * (65_536 // len(piece))))
    list(fake.find(head + sign * (65_536 - len(head))))


def test_raw_syllables() -> None:
    """A bundle that needs no segmenter reads the text as it is."""
    text = normalize("bọn lừa đảo!")

    assert segment(text, load_segmenter("none", "")) is text


@pytest.mark.parametrize(
    ("name", "version", "said"),
    [
        ("vncorenlp", "1", "vncorenlp.*none, underthesea"),
        ("none", "1", "none '1' is needed.* '' is"),
        ("underthesea", "9.9+1.2", rf"1\.2' is needed.*'{FAKE_VERSION}' is"),
        ("underthesea", "9.9", "'9.9' is needed"),
    ],
)
def test_another_segmenter_is_refused(
    packages: Path, monkeypatch: pytest.MonkeyPatch, name: str, version: str, said: str
) -> None:
    """An unknown segmenter or another version of its packages is never made do with."""
    monkeypatch.syspath_prepend(packages)

    with pytest.raises(SegmenterUnavailableError, match=said.replace("+", r"\+")):
        load_segmenter(name, version)


def test_absent_segmenter_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the package is not installed, no text is scored without it."""
    monkeypatch.setattr(sys, "path", [str(tmp_path)])

    assert installed_version("underthesea") is None
    with pytest.raises(SegmenterUnavailableError, match="not installed"):
        load_segmenter("underthesea", FAKE_VERSION)


def test_real_words() -> None:
    """The model that underthesea ships joins what is one word in a sentence."""
    version = installed_version("underthesea")
    if version is None:
        pytest.skip("underthesea is not installed: it comes with an extra")
    real = load_segmenter("underthesea", version)

    assert segment(normalize("Công an bắt nhóm lừa đảo ở Hà Nội."), real).text == (
        "Công_an bắt nhóm lừa_đảo ở Hà_Nội ."
    )
