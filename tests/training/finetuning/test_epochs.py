"""Which rows an epoch has, how they are written, and who makes them."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiemtin.labels import Label
from kiemtin.text import Encoder, WindowSpec
from training.corpora.row import Head, Row
from training.finetuning.epochs import Drawing, Epochs, draw_shares
from training.finetuning.examples import ExampleMaker
from training.recipes.tuning import AugmentSection, MitigationSection

PLAIN = AugmentSection(perturbed={}, unpunctuated=0, words_dropped=0)
CHANGED = AugmentSection(
    perturbed={"stripped": 0.5}, unpunctuated=0.5, words_dropped=0.5
)
ROWS = [
    Row(
        "a",
        str(i),
        f"hôm nay trời đẹp quá, {i} cây kem!",
        Head.HARM,
        {Label.HATE: False},
    )
    for i in range(400)
] + [
    Row("b", str(i), f"tin mật số {i}", Head.SCAM, {Label.SCAM: True})
    for i in range(20)
]


@pytest.fixture(scope="module")
def make(tiny_encoder: Path) -> ExampleMaker:
    """What makes examples of two corpora."""
    reader = Encoder.from_file(tiny_encoder / "tokenizer.json", WindowSpec(16, 4, 8))
    return ExampleMaker(reader, corpora=["a", "b"], most_windows=8)


def _drawing(
    make: ExampleMaker,
    section: AugmentSection = PLAIN,
    *,
    rows: Sequence[Row] = ROWS,
    temperature: float = 1,
) -> Drawing:
    shares = draw_shares(rows, temperature)
    return Drawing(make, MitigationSection(), section, shares, seed=1)


def test_temperature_draws_small_corpora_more_often(make: ExampleMaker) -> None:
    """A corpus a twentieth as large is drawn up to three times over."""
    drawing = _drawing(make, temperature=2)

    counts = Counter(e.corpus for e in Epochs(ROWS, drawing, last=0, n_processes=0)(0))

    assert counts[1] == 60
    assert counts[0] < 400


@given(
    st.dictionaries(st.sampled_from("abcd"), st.integers(1, 300), min_size=1),
    st.floats(1, 5),
)
def test_shares_of_any_corpora(sizes: dict[str, int], temperature: float) -> None:
    """No corpus is drawn over three times, and an epoch never grows."""
    rows = [Row(c, str(i), "", Head.HARM) for c, n in sizes.items() for i in range(n)]

    shares = draw_shares(rows, temperature)

    assert max(shares.values()) <= 3
    assert sum(shares[c] * n for c, n in sizes.items()) <= len(rows) * (1 + 1e-9)


def test_epochs_differ_and_seeds_decide(make: ExampleMaker) -> None:
    """Each epoch writes the rows anew, and the same epoch always in the same way."""
    first, second = (
        Epochs(ROWS, _drawing(make, CHANGED), last=1, n_processes=0) for _ in range(2)
    )

    assert first(0) == second(0)
    assert first(1) == second(1)
    assert first(0) != first(1)


def test_a_row_does_not_depend_on_others(make: ExampleMaker) -> None:
    """What becomes of a row in an epoch is the same in any company."""
    drawing = _drawing(make, CHANGED)

    alone = [e for r in ROWS for e in drawing.examples(3, [r])]

    assert alone == drawing.examples(3, ROWS)


@pytest.mark.slow
def test_other_processes_make_the_same(make: ExampleMaker) -> None:
    """Made ahead by two processes or here, an epoch is the same, from wherever it goes on."""
    drawing = _drawing(make, CHANGED)
    here = Epochs(ROWS, drawing, last=2, n_processes=0)
    ahead = Epochs(ROWS, drawing, last=2, n_processes=2)

    try:
        found = [ahead(epoch) for epoch in (1, 2)]
    finally:
        ahead.close()

    assert found == [here(1), here(2)]
