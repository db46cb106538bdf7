"""Examples are read as serving reads them, and batches hold all of them."""

from collections import Counter
from pathlib import Path

import pytest

from kiemtin.labels import Label
from kiemtin.text import Encoder, WindowSpec, normalize
from training.batches import ExampleMaker, batches, epoch_examples
from training.corpora.row import Head, Row
from training.recipe import AssumedNegative, AugmentSection

PLAIN = AugmentSection(perturbed={}, unpunctuated=0, words_dropped=0)


@pytest.fixture(scope="session")
def reader(encoder_folder: Path) -> Encoder:
    """A reader with short windows."""
    return Encoder.from_file(encoder_folder / "tokenizer.json", WindowSpec(16, 4, 8))


def _row(corpus: str, text: str, **labels: bool) -> Row:
    known = {Label(k): v for k, v in labels.items()}
    return Row(corpus, text[:5], text, Head.EVERY, known)


def test_windows_are_those_of_serving(reader: Encoder) -> None:
    """A text becomes the very ids that the scorer would feed."""
    make = ExampleMaker(reader, corpora=["a"], most_windows=8)
    text = "trời đẹp quá " * 20

    example = make(_row("a", text, abusive=False), text)

    encoded = reader.encode(normalize(text))
    expected = tuple(tuple(reader.window_ids(encoded.ids, w)) for w in encoded.windows)
    assert example is not None
    assert example.windows == expected


def test_unlabelled_heads_have_no_weight(reader: Encoder) -> None:
    """What a corpus does not say is masked, unless the recipe assumes a no."""
    assumed = [AssumedNegative(label=Label.SCAM, corpora=("a",), weight=0.25)]
    make = ExampleMaker(reader, corpora=["a"], most_windows=8, assumed=assumed)

    example = make(_row("a", "đồ ngu", abusive=True), "đồ ngu")

    assert example is not None
    assert dict(zip(Label, example.weights, strict=True)) == {
        Label.UNRELIABLE: 0,
        Label.ABUSIVE: 1,
        Label.HATE: 0,
        Label.SCAM: 0.25,
        Label.SPAM: 0,
    }


def test_empty_rows_make_no_example(reader: Encoder) -> None:
    """A text of zero-width characters teaches nothing."""
    make = ExampleMaker(reader, corpora=["a"], most_windows=8)

    assert make(_row("a", "\u200b", abusive=True), "\u200b") is None


def test_temperature_draws_small_corpora_more_often(reader: Encoder) -> None:
    """A corpus a twentieth as large is drawn up to three times over."""
    make = ExampleMaker(reader, corpora=["a", "b"], most_windows=8)
    rows = [_row("a", f"câu số {i}", abusive=False) for i in range(400)]
    rows += [_row("b", f"tin số {i}", scam=True) for i in range(20)]

    examples = epoch_examples(rows, make, PLAIN, temperature=2, seed=1, epoch=0)

    counts = Counter(e.corpus for e in examples)
    assert counts[1] == 60
    assert counts[0] < 400


def test_batches_hold_every_example_once_and_keep_the_limit(reader: Encoder) -> None:
    """Grouping by length loses nothing and pads little."""
    make = ExampleMaker(reader, corpora=["a"], most_windows=8)
    rows = [_row("a", "trời đẹp " * (1 + i % 30), abusive=False) for i in range(200)]
    examples = epoch_examples(rows, make, PLAIN, temperature=1, seed=1, epoch=0)

    found = list(batches(examples, batch_tokens=256, pad_id=reader.pad_id, seed=0))

    assert sum(len(b.targets) for b in found) == len(examples)
    assert all(b.input_ids.numel() <= 256 for b in found)
    assert all(int(b.row_of.max()) == len(b.targets) - 1 for b in found)
