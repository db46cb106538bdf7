"""A sweep chooses by its rule and shows what the rule saw."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.promotion.gaps import Gap
from training.sweep.recipe import Choice
from training.sweep.summary import Outcome, Summary, judge

LOST = Choice.model_validate(
    {
        "figure": "protected.at_a_tenth",
        "best": "lowest",
        "limits": [{"figure": "mean.auc", "lost": 0.01}],
    }
)


def _outcomes(**figures: dict[str, float]) -> list[Outcome]:
    return [
        Outcome(variant=name, set={}, digest="", figures=found)
        for name, found in figures.items()
    ]


def _figures(protected: float, auc: float) -> dict[str, float]:
    return {"protected.at_a_tenth": protected, "mean.auc": auc}


def test_the_best_within_the_limits_wins() -> None:
    """What pays too much is out, however good it is in the one figure."""
    judged, chosen = judge(
        _outcomes(
            none=_figures(0.3, 0.9), dear=_figures(0.1, 0.8), good=_figures(0.2, 0.895)
        ),
        LOST,
    )

    assert chosen == "good"
    assert [x.broken for x in judged] == [
        (),
        ("mean.auc at most 0.01 below the first",),
        (),
    ]


def test_the_first_of_equal_ones_wins() -> None:
    """Nothing is done that does not help."""
    _, chosen = judge(_outcomes(none=_figures(0.2, 0.9), same=_figures(0.2, 0.9)), LOST)

    assert chosen == "none"


@pytest.mark.parametrize(
    ("limit", "kept"),
    [
        ({"least": 0.5}, True),
        ({"least": 0.7}, False),
        ({"most": 0.5}, False),
        ({"most": 0.6}, True),
    ],
)
def test_bounds_hold_for_the_first_variant_too(
    limit: dict[str, float], *, kept: bool
) -> None:
    """A limit that none keeps leaves none to choose."""
    rule = Choice.model_validate(
        {"figure": "mean.auc", "limits": [{"figure": "mean.auc", **limit}]}
    )
    _, chosen = judge(_outcomes(none={"mean.auc": 0.6}), rule)

    assert (chosen == "none") == kept


def test_what_was_not_measured_is_not_kept() -> None:
    """A missing figure never lets a variant pass."""
    judged, chosen = judge(_outcomes(none={}), LOST)

    assert chosen is None
    assert judged[0].broken == (
        "no protected.at_a_tenth",
        "mean.auc at most 0.01 below the first",
    )


@given(st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), min_size=1, max_size=6))
def test_no_other_variant_would_have_been_better(
    found: list[tuple[float, float]],
) -> None:
    """Whoever wins keeps the limits, and nobody who keeps them is better."""
    outcomes = _outcomes(**{str(i): _figures(*x) for i, x in enumerate(found)})
    judged, chosen = judge(outcomes, LOST)
    fitting = {
        x.variant: x.figures["protected.at_a_tenth"] for x in judged if not x.broken
    }

    assert chosen
    assert fitting[chosen] == min(fitting.values())


def _summary(**changes: Any) -> Summary:
    first, second = _outcomes(none=_figures(0.3, 0.9), good=_figures(0.2, 0.895))
    gap = Gap(
        difference=-0.005, low=-0.01, high=0.001, p_worse=0.06, rows=10, figures=2
    )
    judged, chosen = judge([first, second.model_copy(update={"gap": gap})], LOST)
    values = {
        "sweep": "mitigation",
        "base": "compact",
        "set": {},
        "data_digest": "sha256:0",
        "rows": {"dev": 10, "protected": 5},
        "choose": LOST,
        "show": ("vihsd.abusive.auc",),
        "outcomes": judged,
        "chosen": chosen,
    }
    return Summary.model_validate(values | changes)


def test_the_table_is_markdown() -> None:
    """A column a variant, a line a figure; figures that nobody has are left out."""
    lines = _summary().markdown().splitlines()
    table = [line for line in lines if line.startswith("|")]

    assert table == [
        "| figure | none | good * |",
        "| --- | --- | --- |",
        "| mean.auc | 0.900 | 0.895 |",
        "| protected.at_a_tenth | 0.300 | 0.200 |",
        "| gap to the first |  | -0.0050 (-0.0100 to +0.0010) |",
        "| broken limits |  |  |",
    ]


def test_the_rule_is_said() -> None:
    """Whoever reads the summary knows by what it was chosen."""
    meaning = _summary().meaning()

    assert (
        "lowest protected.at_a_tenth, mean.auc at most 0.01 below the first" in meaning
    )
    assert "chooses good" in meaning
    assert "chooses none" in _summary(chosen=None).meaning()


def test_a_summary_can_be_read_back() -> None:
    """What is written as JSON is what was found."""
    summary = _summary()

    assert Summary.model_validate_json(summary.model_dump_json()) == summary
