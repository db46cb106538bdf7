"""What evasion costs a bundle is measured on the same rows, with other means of it."""

from pathlib import Path

import pytest

from kiemtin.labels import Label
from kiemtin.scoring import Scorer
from training.corpora import Head, Row
from training.evaluation.robustness import (
    EXAMINED,
    Robustness,
    mean_values,
    measure_robustness,
)
from training.evaluation.scored import Scored, score_rows
from training.evaluation.scores import CLEAN, changed

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


def _examine(bundle: Path, rows: list[Row], *names: str) -> list[Robustness]:
    scorer = Scorer.load(bundle)
    copies = {n: score_rows(scorer, changed(rows, n)) for n in names}
    return measure_robustness(score_rows(scorer, rows), copies)


def test_every_perturbation_stands_beside_clean(bundle: Path, rows: list[Row]) -> None:
    """Each figure of a corpus is given for clean text and for every perturbation."""
    found = _examine(bundle, rows, *EXAMINED)

    assert {x.figure for x in found} == {
        "abusive.auc",
        "abusive.macro_f1",
        "abusive.f1",
        "hate.auc",
        "hate.macro_f1",
        "hate.f1",
        "three_classes.macro_f1",
    }
    assert all(list(x.values) == [CLEAN, *EXAMINED] for x in found)
    assert all(list(x.changes) == list(EXAMINED) for x in found)
    assert {x.rows for x in found} == {24}


def test_what_the_normalizer_undoes_costs_nothing(
    bundle: Path, rows: list[Row]
) -> None:
    """Characters that nobody sees change no figure."""
    for x in _examine(bundle, rows, "zero_width"):
        change = x.changes["zero_width"]

        assert x.values["zero_width"] == x.values[CLEAN]
        assert (change.difference, change.low, change.high) == (0, 0, 0)


def test_change_of_words_is_seen(bundle: Path, rows: list[Row]) -> None:
    """A perturbation that hides words from a model that knows only them costs something."""
    found = _examine(bundle, rows, "typos")

    assert any(x.values["typos"] != x.values[CLEAN] for x in found)


def test_a_change_is_the_copy_less_the_clean_text(scored: Scored) -> None:
    """It is below nothing where the copy is worse, and its interval holds it."""
    worse = Scored(scored.rows, 1 - scored.scores, ~scored.flags)

    for x in measure_robustness(scored, {"upside_down": worse}):
        change = x.changes["upside_down"]
        gap = x.values["upside_down"] - x.values[CLEAN]
        assert change.low <= change.difference <= change.high < 0
        assert change.difference == pytest.approx(gap, abs=2e-4)


def test_same_copies_each_time(bundle: Path, rows: list[Row]) -> None:
    """Measured twice, the copies and the figures are the same."""
    one, two = (_examine(bundle, rows, "split") for _ in range(2))

    assert one == two


def test_means_are_of_one_kind_of_figure(scored: Scored) -> None:
    """The mean over corpora and labels is of AUC or of F1, never of both."""
    found = measure_robustness(scored, {"same": scored})
    values = [x.values[CLEAN] for x in found if x.figure.endswith(".auc")]

    means = mean_values(found, "auc")

    assert means == {CLEAN: round(sum(values) / 3, 4), "same": means[CLEAN]}


def test_nothing_asked_is_nothing_measured(scored: Scored) -> None:
    """Without copies there is no table."""
    assert measure_robustness(scored, {}) == []
