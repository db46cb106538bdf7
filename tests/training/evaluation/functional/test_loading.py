"""The cases of the functional tests are many, well formed, ours, and nobody's training."""

import re
from importlib import resources
from pathlib import Path

import pytest
from pydantic import ValidationError

from kiemtin.labels import Label
from kiemtin.text import normalize
from kiemtin.text.syllables import is_vietnamese, strip_marks
from training.corpora import Row
from training.corpora.samples import FOLDER, read
from training.evaluation.functional import CapabilityTest, load_capabilities
from training.pool import cluster, text_key
from training.preparation.load import read_rows
from training.splits import Split

FAMILIES = {
    "protected",
    "abusive",
    "hate",
    "harmless",
    "unreliable",
    "scam",
    "spam",
    "invariance",
}
CASE = '{{ id = "rain-{0:02}", text = "hôm nay mưa {0} trận" }},'
CAPABILITY = """
[[capability]]
name = "weather.rain"
says = "Rain is no harm."
because = "It waters the rice."
expect = false
cases = [{cases}]
"""


@pytest.fixture(scope="module")
def capabilities() -> list[CapabilityTest]:
    """All that we come with."""
    return load_capabilities()


@pytest.fixture(scope="module")
def texts(capabilities: list[CapabilityTest]) -> list[str]:
    """Every text of them, pairs too."""
    return [text for x in capabilities for case in x.cases for text in case.texts]


def _written(folder: Path, content: str) -> Path:
    (folder / "weather.toml").write_text(content, encoding="utf-8")
    return folder


def _cases(n: int) -> str:
    return "".join(CASE.format(i) for i in range(n))


def test_every_family_is_there(capabilities: list[CapabilityTest]) -> None:
    """There are eight families of capabilities, with a dozen cases for each of them."""
    assert {x.name.split(".")[0] for x in capabilities} == FAMILIES
    assert len(capabilities) >= 60
    assert {len(x.cases) for x in capabilities} == {12}


def test_every_label_is_expected_and_forbidden(
    capabilities: list[CapabilityTest],
) -> None:
    """Each label has cases that must have it and cases that must not."""
    for label in Label:
        expected = {x.expect for x in capabilities if label in x.labels}
        assert {True, False} <= expected


def test_protected_speech_is_free_of_every_label(
    capabilities: list[CapabilityTest],
) -> None:
    """No label at all may be flagged on protected speech."""
    protected = [x for x in capabilities if x.name.startswith("protected.")]

    assert len(protected) >= 12
    assert all(x.expect is False and x.labels == tuple(Label) for x in protected)


def test_texts_are_written_as_people_write(texts: list[str]) -> None:
    """They have from 5 to 80 syllables, some without diacritics, and all are Vietnamese."""
    bare = [t for t in texts if strip_marks(t) == t]

    assert all(5 <= len(t.split()) <= 80 for t in texts)
    assert 0.1 < len(bare) / len(texts) < 0.3
    assert [t for t in texts if not is_vietnamese(normalize(t).text)] == []


def test_links_and_numbers_are_nobodys(texts: list[str]) -> None:
    """Links lead to hosts under .example, and phone numbers are of a made-up range."""
    hosts = [h for t in texts for h in re.findall(r"https?://([^/\s,]+)", t)]
    domains = [
        d for t in texts for d in re.findall(r"\b[\w-]+\.(?:com|vn|net|org)\b", t)
    ]
    numbers = [
        n for t in texts for n in re.findall(r"\b0\d{2,3}[ .]?\d{3}[ .]?\d{3}\b", t)
    ]

    assert hosts
    assert all(h.rstrip(".").endswith(".example") for h in hosts)
    assert domains == []
    assert numbers
    assert all(n.startswith("0900 000 ") for n in numbers)


def test_none_is_a_sample(texts: list[str]) -> None:
    """No text is, nearly, one of the samples, which models may train on."""
    samples = [row.text for row in read(FOLDER) if isinstance(row, Row)]

    found = cluster([*samples, *texts])[len(samples) :]

    assert [t for t, c in zip(texts, found, strict=True) if c < len(samples)] == []


@pytest.mark.slow
def test_none_is_a_published_row(texts: list[str], prepared_published: Path) -> None:
    """No text is a row of a published corpus, in any split."""
    ours = set(map(text_key, texts))

    theirs = (r.text for s in Split for r in read_rows(prepared_published, s))

    assert ours.isdisjoint(map(text_key, theirs))


def test_nobody_trains_on_them() -> None:
    """What reads or learns from corpora never names the cases."""
    training = Path(str(resources.files("training")))
    learning = [
        path
        for folder in ("corpora", "preparation", "finetuning", "calibrating", "recipes")
        for path in (training / folder).rglob("*.py")
    ]

    assert learning
    named = re.compile(r"evaluation.*functional")
    assert [p for p in learning if named.search(p.read_text(encoding="utf-8"))] == []


def test_capability_with_few_cases_is_refused(tmp_path: Path) -> None:
    """Nine cases say too little; ten are read."""
    few = _written(tmp_path, CAPABILITY.format(cases=_cases(9)))
    with pytest.raises(ValidationError, match="at least 10"):
        load_capabilities(few)

    (found,) = load_capabilities(
        _written(tmp_path, CAPABILITY.format(cases=_cases(10)))
    )

    assert found.labels == tuple(Label)
    assert found.cases[3].texts == ("hôm nay mưa 3 trận",)


@pytest.mark.parametrize(
    ("case", "reason"),
    [
        ('{ id = "rain-03", text = "trời nắng" }', "id stands twice: rain-03"),
        ('{ id = "sun-01", text = "Hom nay MUA 3 tran" }', "text stands twice"),
        ('{ id = "sun-01", text = " trời nắng" }', "not one line"),
        ('{ id = "sun-01", text = "tro\u0300i na\u0306\u0301ng" }', "not one line"),
        ('{ id = "Sun", text = "trời nắng" }', "id"),
        ('{ id = "sun-01", text = "trời nắng", pair = "nắng" }', "pair is .*: sun-01"),
        ('{ id = "sun-01", text = "trời nắng", note = "?" }', "note"),
    ],
)
def test_odd_case_is_refused(tmp_path: Path, case: str, reason: str) -> None:
    """A copy, a text that is not NFC, a pair without use or an unknown key is an error."""
    folder = _written(tmp_path, CAPABILITY.format(cases=_cases(10) + case))

    with pytest.raises(ValueError, match=reason):
        load_capabilities(folder)


def test_comparison_needs_a_pair(tmp_path: Path) -> None:
    """Where flags should be the same, each text has another beside it."""
    content = CAPABILITY.format(cases=_cases(10)).replace("false", '"same"')

    with pytest.raises(ValueError, match="a pair is missing"):
        load_capabilities(_written(tmp_path, content))


def test_name_of_a_capability_stands_once(tmp_path: Path) -> None:
    """Two capabilities of one name would be one in any table."""
    once = CAPABILITY.format(cases=_cases(10))
    again = CAPABILITY.format(
        cases=_cases(10).replace("mưa", "gió").replace("rain", "wind")
    )

    with pytest.raises(ValueError, match=r"name stands twice: weather\.rain"):
        load_capabilities(_written(tmp_path, once + again))
