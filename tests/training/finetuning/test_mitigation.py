"""Mitigation takes politics out of what is learnt, and no label with it."""

import random
from collections import defaultdict

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from kiemtin.labels import Label
from training.corpora.row import Head, Row
from training.finetuning.mitigation import LEAST, MOST, mitigate, row_weights
from training.politics import is_political
from training.recipes.tuning import MitigationSection

TEXTS = {True: "chính phủ nói vậy", False: "trời hôm nay đẹp"}
ABUSIVE = list(Label).index(Label.ABUSIVE)


def _rows(cells: dict[tuple[bool, bool], int], corpus: str = "vihsd") -> list[Row]:
    return [
        Row(corpus, f"{p}:{y}:{i}", TEXTS[p], Head.HARM, {Label.ABUSIVE: y})
        for (p, y), n in cells.items()
        for i in range(n)
    ]


def test_nothing_asked_changes_nothing() -> None:
    """By default a text stays as it is."""
    text = "Chính phủ và nhân dân"

    assert mitigate(text, MitigationSection(), random.Random(0)) == text


def test_swapped_text_speaks_of_something_else() -> None:
    """With all rows swapped, politics becomes everyday life."""
    section = MitigationSection(swapped=1)

    assert not is_political(mitigate(TEXTS[True], section, random.Random(0)))


def test_masked_text_lacks_its_terms() -> None:
    """With all rows masked, the terms are left out."""
    section = MitigationSection(masked=1)

    assert mitigate(TEXTS[True], section, random.Random(0)) == "nói vậy"


def test_shares_are_of_rows() -> None:
    """A share of a quarter swaps about a quarter of the rows."""
    section = MitigationSection(swapped=0.25)
    rng = random.Random(0)
    swapped = sum(
        mitigate(TEXTS[True], section, rng) != TEXTS[True] for _ in range(2000)
    )

    assert 400 < swapped < 600


@given(st.floats(0, 1), st.floats(0, 1))
def test_a_draw_costs_as_much_in_every_recipe(swapped: float, masked: float) -> None:
    """What is drawn afterwards does not depend on the section: runs stay comparable."""
    states = []
    for section in (
        MitigationSection(),
        MitigationSection(swapped=swapped, masked=masked),
    ):
        rng = random.Random(5)
        mitigate(TEXTS[True], section, rng)
        states.append(rng.random())

    assert states[0] == states[1]


@given(
    st.fixed_dictionaries(
        {(p, y): st.integers(1, 30) for p in (True, False) for y in (True, False)}
    )
)
def test_weighted_rates_are_equal(cells: dict[tuple[bool, bool], int]) -> None:
    """Weighted, a label is as frequent with politics as without."""
    n = sum(cells.values())
    for (p, y), here in cells.items():
        like = sum(c for (_, other), c in cells.items() if other == y)
        together = sum(c for (other, _), c in cells.items() if other == p)
        assume(LEAST <= like * together / n / here <= MOST)
    rows = _rows(cells)
    weights = row_weights(rows)
    sums: dict[tuple[bool, bool], float] = defaultdict(float)
    for row in rows:
        sums[is_political(row.text), row.labels[Label.ABUSIVE]] += weights[row.key][
            ABUSIVE
        ]

    rates = [sums[p, True] / (sums[p, True] + sums[p, False]) for p in (True, False)]

    assert rates[0] == pytest.approx(rates[1])
    assert sum(sums.values()) == pytest.approx(n)


def test_weights_are_bounded() -> None:
    """A rare cell does not shout: the bounds hold but for what makes the mean 1."""
    weights = row_weights(
        _rows(
            {(True, True): 90, (True, False): 1, (False, True): 5, (False, False): 900}
        )
    )
    found = [w[ABUSIVE] for w in weights.values()]

    assert sum(found) / len(found) == pytest.approx(1)
    assert max(found) / min(found) <= MOST / LEAST


def test_corpora_are_balanced_apart() -> None:
    """What one corpus says of politics does not weigh in another."""
    even = {(p, y): 5 for p in (True, False) for y in (True, False)}
    rows = _rows(even) + _rows({**even, (True, True): 20}, corpus="victsd")

    weights = row_weights(rows)

    assert {w for r in rows if r.corpus == "vihsd" for w in weights[r.key]} == {1.0}
    assert any(w[ABUSIVE] != 1 for w in weights.values())


def test_unknown_labels_weigh_as_before() -> None:
    """A row is weighed for the labels that it carries only."""
    weights = row_weights(
        _rows({(True, True): 9, (True, False): 3, (False, True): 2, (False, False): 30})
    )

    assert all(w[:ABUSIVE] + w[ABUSIVE + 1 :] == (1.0,) * 4 for w in weights.values())


def test_what_cannot_be_balanced_stays() -> None:
    """Where politics always has the label, no weight makes the rates equal."""
    weights = row_weights(
        _rows({(True, True): 9, (False, True): 2, (False, False): 30})
    )

    assert set(weights.values()) == {(1.0,) * len(Label)}
