"""The samples are what their README says: closed, varied, labelled, and made up."""

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
import regex

from kiemtin.labels import Label
from kiemtin.text.steps import placeholders
from kiemtin.text.syllables import diacritic_ratio, words_of
from tests.fixtures.checkout import ROOT
from training.pool import cluster

SAMPLES = ROOT / "data" / "samples"
LEAST = {
    "unreliable": 45,
    "abusive": 45,
    "hate": 30,
    "scam": 50,
    "spam": 45,
    "benign": 70,
    "protected": 90,
}
OWN_LABELS: dict[str, set[str]] = {
    **{name: {name} for name in LEAST},
    "hate": {"abusive", "hate"},
    "benign": set(),
    "protected": set(),
}
KINDS = {"criticism", "opinion", "satire", "reporting"}

# What a tag that can be seen looks like; such a tag is there if and only if the sign is.
SIGNS = {
    "evasion_zero_width": r"\u200b",
    "evasion_look_alike": r"\p{Cyrillic}",
    "evasion_styled": r"[\U0001d400-\U0001d7ff\uff01-\uff5e]",
    "stretched": r"(?i)(\p{L})\1\1",
    "emoji": r"\p{Extended_Pictographic}|\p{Regional_Indicator}",
}
# These signs also stand in other texts ("4h", "v.v."), so they prove nothing alone.
NEEDED_SIGNS = {
    "evasion_dots": r"\p{L}\.\p{L}",
    "evasion_spaces": r"\b\p{L}(?: \p{L}){2,}\b",
    "evasion_digits": r"\p{L}\d|\d\p{L}",
}
DIACRITICS = {"no_diacritics", "part_diacritics", "full_diacritics"}
OTHER_TAGS = (
    "short long teencode caps sms review quotation negation look_alike_slur "
    "counter_speech rumour_denial scam_warning"
)
TAGS = {*SIGNS, *NEEDED_SIGNS, *DIACRITICS, *OTHER_TAGS.split()}
EVASIONS = {t for t in TAGS if t.startswith("evasion_")}

Sample = dict[str, Any]


def _read(name: str) -> list[Sample]:
    lines = (SAMPLES / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


@pytest.fixture(scope="module")
def samples() -> list[Sample]:
    """Return the rows of all files."""
    return [row for name in LEAST for row in _read(name)]


def _are_wrong(samples: list[Sample], tag: str, seen: list[bool]) -> list[str]:
    """Return the ids of the rows where *tag* is not what is seen."""
    pairs = zip(samples, seen, strict=True)
    return [r["id"] for r, sign in pairs if (tag in r["tags"]) != sign]


def _found(text: str, kind: str) -> Iterator[str]:
    for edit in placeholders.find(text):
        if edit.replacement == kind:
            yield text[edit.start : edit.end].lower()


def test_every_file_is_known() -> None:
    """No file of samples is left out of these tests."""
    assert {p.stem for p in SAMPLES.glob("*.jsonl")} == LEAST.keys()


@pytest.mark.parametrize("name", LEAST)
def test_file_is_closed(name: str) -> None:
    """A file has enough rows, numbered from one, with its own labels and known keys."""
    rows = _read(name)
    kind = ["kind"] if name == "protected" else []

    assert len(rows) >= LEAST[name]
    assert [r["id"] for r in rows] == [f"{name}-{i + 1:03}" for i in range(len(rows))]
    for row in rows:
        assert list(row) == ["id", "text", "labels", *kind, "tags"], row["id"]
        assert row["text"] == row["text"].strip() != "", row["id"]
        assert OWN_LABELS[name] <= set(row["labels"]) <= set(Label), row["id"]
        assert len(set(row["labels"])) == len(row["labels"]), row["id"]


def test_benign_rows_have_no_label(samples: list[Sample]) -> None:
    """Neither everyday text nor protected speech carries a label."""
    benign = [r for r in samples if r["id"].startswith(("benign", "protected"))]

    assert [r["id"] for r in benign if r["labels"]] == []


def test_hate_is_a_part_of_abusive(samples: list[Sample]) -> None:
    """What is hate is abusive, in whatever file it stands."""
    wrong = [
        r["id"] for r in samples if set(r["labels"]) & {"abusive", "hate"} == {"hate"}
    ]

    assert wrong == []


def test_protected_speech_is_of_every_kind() -> None:
    """Criticism, opinion, satire and reporting each have at least 18 rows."""
    counts = Counter(r["kind"] for r in _read("protected"))

    assert counts.keys() == KINDS
    assert min(counts.values()) >= 18


def test_tags_are_closed(samples: list[Sample]) -> None:
    """A row has known tags, each once, and exactly one that speaks of diacritics."""
    for row in samples:
        tags = row["tags"]
        assert set(tags) <= TAGS, row["id"]
        assert len(set(tags)) == len(tags), row["id"]
        assert len(DIACRITICS & set(tags)) == 1, row["id"]


def test_every_tag_is_used(samples: list[Sample]) -> None:
    """The list of tags holds none that no row has."""
    assert {t for r in samples for t in r["tags"]} == TAGS


@pytest.mark.parametrize("tag", SIGNS)
def test_tag_is_there_if_its_sign_is(tag: str, samples: list[Sample]) -> None:
    """Emoji, stretches, and invisible, foreign and styled letters are all tagged."""
    seen = [regex.search(SIGNS[tag], r["text"]) is not None for r in samples]

    assert _are_wrong(samples, tag, seen) == []


@pytest.mark.parametrize("tag", NEEDED_SIGNS)
def test_tag_has_its_sign(tag: str, samples: list[Sample]) -> None:
    """A text that is tagged for an evasion shows it."""
    tagged = [r for r in samples if tag in r["tags"]]

    assert [
        r["id"] for r in tagged if not regex.search(NEEDED_SIGNS[tag], r["text"])
    ] == []


def test_lengths_are_tagged(samples: list[Sample]) -> None:
    """A short text has at most 6 words, a long one over 100, and no other is tagged."""
    sizes = [len(words_of(r["text"])) for r in samples]

    assert _are_wrong(samples, "short", [n <= 6 for n in sizes]) == []
    assert _are_wrong(samples, "long", [n > 100 for n in sizes]) == []


def test_capitals_are_tagged(samples: list[Sample]) -> None:
    """A text is tagged for its capitals if most of its letters are, and it has a few."""
    letters = [[c for c in r["text"] if c.isalpha()] for r in samples]
    seen = [len(x) >= 8 and sum(map(str.isupper, x)) >= 0.7 * len(x) for x in letters]

    assert _are_wrong(samples, "caps", seen) == []


def test_diacritics_are_tagged(samples: list[Sample]) -> None:
    """No diacritic, some or all: the tag agrees with the share of marked words."""
    # Also in full Vietnamese a third of the syllables needs no mark; in chat, half.
    bounds = {"part_diacritics": (0.01, 0.7), "full_diacritics": (0.4, 1.0)}
    ratios = [diacritic_ratio(words_of(r["text"])) for r in samples]

    assert _are_wrong(samples, "no_diacritics", [x == 0 for x in ratios]) == []
    for tag, (low, high) in bounds.items():
        tagged = [
            (r, x) for r, x in zip(samples, ratios, strict=True) if tag in r["tags"]
        ]
        assert [r["id"] for r, x in tagged if not low <= x <= high] == []


def test_texts_are_varied(samples: list[Sample]) -> None:
    """Many rows lack diacritics, are chat, evade filters, or are long."""
    tags = [set(r["tags"]) for r in samples]

    assert 4 * sum("full_diacritics" not in t for t in tags) >= len(samples)
    assert sum("teencode" in t for t in tags) >= 60
    assert sum(bool(EVASIONS & t) for t in tags) >= 50
    assert sum("long" in t for t in tags) >= 25


def test_half_of_the_scams_are_well_written() -> None:
    """At least half of the scams have all diacritics and hide nothing."""
    rows = _read("scam")
    plain = [r for r in rows if "full_diacritics" in r["tags"]]
    plain = [r for r in plain if not EVASIONS & set(r["tags"])]

    assert 2 * len(plain) >= len(rows)


def test_no_two_rows_are_alike(samples: list[Sample]) -> None:
    """Each text is a near-duplicate cluster of its own, over all files."""
    clusters = cluster([r["text"] for r in samples]).tolist()

    assert clusters == list(range(len(samples)))


def test_links_lead_nowhere(samples: list[Sample]) -> None:
    """Every link and address is under a domain that is reserved for examples."""
    hosts = [
        regex.split(r"[/?#]", regex.sub(r"^.*(?:://|@)", "", found))[0]
        for r in samples
        for kind in ("<url>", "<email>")
        for found in _found(r["text"], kind)
    ]

    assert hosts
    assert [h for h in hosts if not regex.search(r"\.(?:example|test)\W*$", h)] == []


def test_phone_numbers_are_nobodys(samples: list[Sample]) -> None:
    """Every phone number is of the two patterns that we use for made-up ones."""
    made_up = r"0900 000 \d{3}|1900 0\d{3}"
    phones = [p for r in samples for p in _found(r["text"], "<phone>")]

    assert phones
    assert [p for p in phones if not regex.fullmatch(made_up, p)] == []
