"""Examples are read as serving reads them."""

import pickle
from pathlib import Path

import pytest

from kiemtin.labels import Label
from kiemtin.text import Encoder, WindowSpec, normalize
from training.corpora.row import Head, Row
from training.finetuning.examples import Example, ExampleMaker
from training.recipes.tuning import AssumedNegative


@pytest.fixture(scope="module")
def reader(tiny_encoder: Path) -> Encoder:
    """A reader with short windows."""
    return Encoder.from_file(tiny_encoder / "tokenizer.json", WindowSpec(16, 4, 8))


def _row(text: str, **labels: bool) -> Row:
    return Row(
        "a", text[:5], text, Head.EVERY, {Label(k): v for k, v in labels.items()}
    )


def _made(make: ExampleMaker, row: Row) -> Example:
    example = make(row, row.text)
    assert example is not None
    return example


def test_windows_are_those_of_serving(reader: Encoder) -> None:
    """A text becomes the very ids that the scorer would feed."""
    make = ExampleMaker(reader, corpora=["a"], most_windows=8)
    text = "trời đẹp quá " * 20

    example = _made(make, _row(text, abusive=False))

    encoded = reader.encode(normalize(text))
    expected = tuple(tuple(reader.window_ids(encoded.ids, w)) for w in encoded.windows)
    assert len(expected) > 1
    assert example.windows == expected


def test_long_texts_are_read_from_end_to_end(reader: Encoder) -> None:
    """Of too many windows the first, the last and some between are kept."""
    row = _row("trời đẹp quá " * 20, abusive=False)
    every = _made(ExampleMaker(reader, corpora=["a"], most_windows=8), row).windows

    some = _made(ExampleMaker(reader, corpora=["a"], most_windows=3), row).windows

    assert len(some) == 3
    assert (some[0], some[-1]) == (every[0], every[-1])


def test_unlabelled_heads_have_no_weight(reader: Encoder) -> None:
    """What a corpus does not say is masked, unless the recipe assumes a no."""
    assumed = [AssumedNegative(label=Label.SCAM, corpora=("a",), weight=0.25)]
    make = ExampleMaker(reader, corpora=["a"], most_windows=8, assumed=assumed)

    example = _made(make, _row("đồ ngu", abusive=True))

    assert dict(zip(Label, example.weights, strict=True)) == {
        Label.UNRELIABLE: 0,
        Label.ABUSIVE: 1,
        Label.HATE: 0,
        Label.SCAM: 0.25,
        Label.SPAM: 0,
    }
    assert example.soft is None


def test_rows_may_weigh_more_or_less(reader: Encoder) -> None:
    """A factor of a row and a label multiplies what the label counts."""
    row = _row("đồ ngu", abusive=True, hate=False)
    factors = {row.key: (2.0, 3.0, 0.5, 1.0, 1.0)}
    make = ExampleMaker(reader, corpora=["a"], most_windows=8, factors=factors)

    assert _made(make, row).weights == (0, 3.0, 0.5, 0, 0)
    assert _made(make, _row("khác", abusive=True)).weights == (0, 1, 0, 0, 0)


def test_empty_rows_make_no_example(reader: Encoder) -> None:
    """A text of zero-width characters teaches nothing, and disturbs no other."""
    make = ExampleMaker(reader, corpora=["a"], most_windows=8)
    empty, row = _row("\u200b", abusive=True), _row("đồ ngu", abusive=True)

    assert make(empty, empty.text) is None
    assert make.make_all([(empty, empty.text), (row, row.text)]) == [_made(make, row)]


def test_another_process_makes_the_same(reader: Encoder) -> None:
    """What makes examples can be sent to another process."""
    make = ExampleMaker(reader, corpora=["a"], most_windows=8)
    row = _row("hôm nay trời đẹp", abusive=False)

    sent: ExampleMaker = pickle.loads(pickle.dumps(make))  # noqa: S301 -- our own, just made

    assert sent(row, row.text) == make(row, row.text)
