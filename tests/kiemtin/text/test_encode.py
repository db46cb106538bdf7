"""Windows: everything is read, or it is said what was not."""

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer
from tokenizers.models import BPE, WordLevel
from tokenizers.pre_tokenizers import ByteLevel
from tokenizers.trainers import BpeTrainer

from kiemtin.errors import BundleCorruptError
from kiemtin.manifest import TOKENIZER_FILE
from kiemtin.text import Encoder, WindowSpec, normalize
from kiemtin.text.encode import BEGIN, END, MASK, PAD, UNKNOWN

SPEC = WindowSpec(tokens=10, overlap=2, most=6)
"""Eight tokens of the text and its two ends."""


@pytest.fixture(scope="module")
def encoder(bundle: Path) -> Encoder:
    """The encoder of the tiny bundle: a token is a word."""
    return Encoder.from_file(bundle / TOKENIZER_FILE, SPEC)


@given(n_words=st.integers(1, 38))
def test_windows_cover_every_token(encoder: Encoder, n_words: int) -> None:
    """Up to the most windows, no token is left out and neighbours overlap."""
    encoded = encoder.encode(normalize("xin " * n_words))

    covered = {i for window in encoded.windows for i in range(*window)}
    assert covered == set(range(n_words)) == set(range(len(encoded.ids)))
    assert encoded.n_windows_left_out == 0
    for (_, end), (start, _) in pairwise(encoded.windows):
        assert end - start >= SPEC.overlap
    assert all(b - a == 8 for a, b in encoded.windows) or len(encoded.windows) == 1


def test_longest_text_of_one_window(encoder: Encoder) -> None:
    """Eight words fill a window, a ninth opens the next, as full as the first."""
    assert encoder.encode(normalize("xin " * 8)).windows == [(0, 8)]
    assert encoder.encode(normalize("xin " * 9)).windows == [(0, 8), (1, 9)]


def test_too_many_windows(encoder: Encoder) -> None:
    """Of a longer text the first and last windows are read, and the rest counted."""
    encoded = encoder.encode(normalize("xin " * 80))

    assert len(encoded.windows) == SPEC.most
    assert encoded.windows[:3] == [(0, 8), (6, 14), (12, 20)]
    assert encoded.windows[3:] == [(60, 68), (66, 74), (72, 80)]
    assert encoded.n_windows_left_out == 7


@pytest.mark.parametrize("token", [BEGIN, PAD, END, UNKNOWN, MASK])
def test_special_tokens_of_the_author_stay_text(token: str) -> None:
    """A post that says </s> has not ended."""
    tokenizer = Tokenizer(BPE(unk_token=UNKNOWN))
    tokenizer.pre_tokenizer = ByteLevel()
    special = [BEGIN, PAD, END, UNKNOWN, MASK]
    trainer = BpeTrainer(
        special_tokens=special,
        initial_alphabet=ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(["đồ ngu", token], trainer)
    as_one = tokenizer.encode(f"đồ {token} ngu").ids

    ids = Encoder(tokenizer, SPEC).encode(normalize(f"đồ {token} ngu")).ids

    assert special.index(token) in as_one
    assert set(range(len(special))).isdisjoint(ids)


def test_window_ids_have_ends(encoder: Encoder) -> None:
    """The network reads a window between its begin and end token."""
    assert encoder.window_ids([7, 8, 9], (1, 3)) == [
        encoder.begin_id,
        8,
        9,
        encoder.end_id,
    ]


def test_spans_stand_in_the_normalized_text(encoder: Encoder) -> None:
    """A token knows its characters."""
    text = normalize("Đồ   ngu").text
    encoded = encoder.encode(normalize("Đồ   ngu"))

    assert [text[a:b] for a, b in encoded.spans] == ["Đồ", "ngu"]


def test_batch_is_one_by_one(encoder: Encoder) -> None:
    """Neighbours in a batch change nothing: no padding, no cutting."""
    texts = [normalize(t) for t in ("ngu", "xin " * 30, "sale otp")]

    assert encoder.encode_batch(texts) == [encoder.encode(t) for t in texts]


def test_tokenizer_without_special_tokens_is_refused() -> None:
    """A tokenizer that has no begin token is not one of ours."""
    with pytest.raises(BundleCorruptError, match=BEGIN):
        Encoder(Tokenizer(WordLevel({"a": 0}, unk_token="a")), SPEC)


def test_what_is_no_tokenizer_is_refused(tmp_path: Path) -> None:
    """A file that is not a tokenizer is a corrupt bundle, not a crash."""
    path = tmp_path / "tokenizer.json"
    path.write_text("{}")

    with pytest.raises(BundleCorruptError, match="tokenizer"):
        Encoder.from_file(path, WindowSpec(10, 2, 4))
