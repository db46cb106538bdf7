"""Each plot draws what its section says, and nothing where it says nothing."""

import re
from html import unescape

import pytest

from tests.training.auditing.conftest import MakePool, MakeRow
from training.auditing.contents import describe_contents
from training.auditing.copies import Across
from training.auditing.giveaways import Giveaways, Metric
from training.auditing.plots import (
    plot_classes,
    plot_copies,
    plot_families,
    plot_giveaways,
    plot_lengths,
    plot_months,
    plot_topics,
)
from training.auditing.rates import Rates
from training.auditing.sections import Audit
from training.auditing.terms import Terms
from training.auditing.topics import Topics


def _said(svg: str) -> list[str]:
    return [unescape(t) for t in re.findall(r"<text[^>]*>([^<]*)<", svg)]


@pytest.mark.parametrize("n", [1, 3, 4])
def test_a_histogram_for_each_corpus(
    make_pool: MakePool, make_row: MakeRow, n: int
) -> None:
    """There are as many panels as corpora, and no empty ones to fill the line."""
    rows = [make_row("một hai ba", corpus=f"c{i}") for i in range(n)]

    said = _said(plot_lengths(describe_contents(make_pool(rows), seed=0)))

    assert [t for t in said if t.startswith("c")] == [f"c{i}" for i in range(n)]
    assert said.count("257") == n
    assert "0.2" not in said


def test_a_class_is_named_where_there_is_room(
    make_pool: MakePool, make_row: MakeRow
) -> None:
    """The name of a rare class would stand over that of its neighbour."""
    rows = [make_row(str(i), "0") for i in range(99)] + [make_row("x", "rare")]

    said = _said(plot_classes(describe_contents(make_pool(rows), seed=0)))

    assert "0" in said
    assert "rare" not in said


def test_copies_are_written_into_their_cells() -> None:
    """A share is written with two digits, none is left blank."""
    across = Across(
        corpora=("one", "two"),
        equal=((0.0, 0.0), (0.0, 0.0)),
        near=((0.0, 0.012), (0.871, 0.0)),
    )

    said = _said(plot_copies(across))

    assert sorted(said) == ["1.2", "87", "one", "one", "two", "two"]


def test_months_topics_and_giveaways_are_named(audited: Audit) -> None:
    """Every plot says of which corpus it is, in words that can be searched."""
    assert "2020-02" in _said(plot_months(audited.rates))
    assert "vihsd: abusive" in _said(plot_topics(audited.topics))
    assert "reintel: likes" in _said(plot_giveaways(audited.giveaways, Metric.AUC))


def test_nothing_to_draw_is_no_plot() -> None:
    """A section that found nothing leaves no empty axes."""
    assert plot_months(Rates(spreads=(), skipped=())) == ""
    assert plot_topics(Topics(corpora=(), skipped=())) == ""
    assert plot_families(Terms(corpora=(), skipped=())) == ""
    assert plot_copies(Across(corpora=(), equal=(), near=())) == ""
    for metric in Metric:
        assert plot_giveaways(Giveaways(giveaways=(), skipped=()), metric) == ""
