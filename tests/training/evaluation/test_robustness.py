"""What evasion costs a bundle is measured on the same rows, with other means of it."""

from pathlib import Path

import pytest

from kiemtin.labels import Label
from kiemtin.scoring import Scorer
from training.corpora import Head, Row
from training.robustness import CLEAN, EXAMINED, examine

INSULT, GREETING = "mày đúng là đồ ngu", "hôm nay trời đẹp quá"


@pytest.fixture(scope="module")
def rows() -> list[Row]:
    """Comments of which the insults are offensive, one of them hateful."""
    return [
        Row(
            "vihsd",
            f"train:{i}",
            f"{INSULT if i % 2 else GREETING} {i}",
            Head.HARM,
            {Label.ABUSIVE: i % 2 == 1, Label.HATE: i == 1},
        )
        for i in range(24)
    ]


def test_every_perturbation_stands_beside_clean(bundle: Path, rows: list[Row]) -> None:
    """Each figure of a corpus is given for clean text and for every perturbation."""
    found = examine(Scorer.load(bundle), rows)

    assert {x.figure for x in found} == {
        "abusive.auc",
        "abusive.macro_f1",
        "hate.auc",
        "hate.macro_f1",
        "three_classes.macro_f1",
    }
    assert all(set(x.values) == {CLEAN, *EXAMINED} for x in found)
    assert {x.rows for x in found} == {24}


def test_what_the_normalizer_undoes_costs_nothing(
    bundle: Path, rows: list[Row]
) -> None:
    """Characters that nobody sees change no figure."""
    found = examine(Scorer.load(bundle), rows, perturbations=["zero_width"])

    assert all(x.values["zero_width"] == x.values[CLEAN] for x in found)


def test_change_of_words_is_seen(bundle: Path, rows: list[Row]) -> None:
    """A perturbation that hides words from a model that knows only them costs something."""
    found = examine(Scorer.load(bundle), rows, perturbations=["typos"])

    assert any(x.values["typos"] != x.values[CLEAN] for x in found)


def test_same_copies_each_time(bundle: Path, rows: list[Row]) -> None:
    """Measured twice, the copies and the figures are the same."""
    scorer = Scorer.load(bundle)

    one, two = (examine(scorer, rows, perturbations=["split"]) for _ in range(2))

    assert one == two
