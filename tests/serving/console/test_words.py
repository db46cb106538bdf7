"""What the console says, in both languages."""

import re
from dataclasses import asdict, fields, is_dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

import serving.console
from serving.console.desk.en import EN
from serving.console.desk.shown import OUTCOME_KEYS
from serving.console.desk.vi import VI
from serving.console.desk.words import Words
from serving.review.outcomes import Outcome

FOLDER = Path(serving.console.__file__).parent
SOURCES = "\n".join(
    path.read_text(encoding="utf-8")
    for folder, pattern in (("templates/desk", "*.html"), ("desk", "*.py"))
    for path in sorted((FOLDER / folder).glob(pattern))
    if path.stem.partition("_")[0] not in {"vi", "en", "phrases"}
    and not path.stem.endswith("phrases")
)
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


def phrases(words: Words) -> dict[str, Any]:
    """Return every phrase by where it stands."""
    found: dict[str, Any] = {}

    def walk(path: str, value: Any) -> None:
        if isinstance(value, dict):
            for key, x in value.items():
                walk(f"{path}.{key}", x)
        elif isinstance(value, list | tuple):
            for n, x in enumerate(value):
                walk(f"{path}.{n}", x)
        else:
            found[path] = value

    walk("w", asdict(words))
    return found


def test_both_languages_say_the_same() -> None:
    """Each phrase is there in both, with the same gaps to be filled in."""
    vi, en = phrases(VI), phrases(EN)

    assert vi.keys() == en.keys()
    for path, said in vi.items():
        assert re.findall(r"{\w+}", str(said)) == re.findall(r"{\w+}", str(en[path]))
        assert said != ""


def test_no_phrase_is_left_over() -> None:
    """What no page says is not translated, either."""
    parts = (getattr(VI, x.name) for x in fields(VI))
    names = {x.name for part in parts if is_dataclass(part) for x in fields(part)}

    assert {x for x in names if not re.search(rf"\b{x}\b", SOURCES)} == set()


def test_each_outcome_has_a_key() -> None:
    """Ten outcomes, ten digits, no letter of another key."""
    assert set(OUTCOME_KEYS) == set(Outcome) - {Outcome.REVERSE}
    assert sorted(OUTCOME_KEYS.values()) == list("0123456789")


@pytest.mark.parametrize(
    ("seconds", "vi", "en"),
    [
        (None, "–", "–"),
        (0, "0 giây", "0 s"),
        (59.9, "59 giây", "59 s"),
        (61, "1 phút 1 giây", "1 min 1 s"),
        (3600, "1 giờ", "1 h"),
        (90_061, "1 ngày 1 giờ", "1 d 1 h"),
    ],
)
def test_durations(seconds: float | None, vi: str, en: str) -> None:
    """A time span is said in its two largest units."""
    assert (VI.duration(seconds), EN.duration(seconds)) == (vi, en)


def test_deadlines() -> None:
    """Before its deadline a case has time left, after it it is overdue."""
    assert EN.due(NOW + timedelta(hours=2), NOW) == "2 h left"
    assert EN.due(NOW - timedelta(minutes=5), NOW) == "5 min overdue"
    assert VI.ago(NOW - timedelta(days=3), NOW) == "3 ngày trước"


@pytest.mark.parametrize(
    ("words", "said"),
    [(VI, ["97,1 %", "50 %", "–", "12.345", "1,4·10¹¹", "3,81"]),
     (EN, ["97.1%", "50%", "–", "12,345", "1.4·10¹¹", "3.81"])],
    ids=["vi", "en"],
)  # fmt: skip
def test_figures(words: Words, said: list[str]) -> None:
    """Figures are written as readers of the language write them."""
    assert [
        words.percent(0.9712),
        words.percent(0.5),
        words.percent(None),
        words.number(12_345),
        words.factor(137_474_825_522.6),
        words.factor(3.81),
    ] == said
