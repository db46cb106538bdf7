"""What is asked of the encoder."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from training.pretraining.masking import (
    IGNORED,
    MASK_ID,
    N_SPECIAL,
    mask_tokens,
    words_begin,
)
from training.pretraining.tokenizer import train_tokenizer


def _rng(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def test_a_share_of_every_row_is_asked() -> None:
    """A fifth of each row is asked, most of it masked, and nothing else is touched."""
    ids = torch.randint(5, 100, (64, 50), generator=_rng())

    asked = mask_tokens(ids, 0.2, 100, _rng())

    assert asked.positions.shape == asked.targets.shape == (64, 10)
    assert torch.equal(ids.gather(1, asked.positions), asked.targets)
    there = asked.ids.gather(1, asked.positions)
    assert 0.74 < (there == MASK_ID).float().mean() < 0.86
    assert 0.07 < (there == asked.targets).float().mean() < 0.14
    untouched = torch.ones_like(ids, dtype=torch.bool)
    untouched.scatter_(1, asked.positions, torch.zeros_like(ids, dtype=torch.bool))
    assert torch.equal(asked.ids[untouched], ids[untouched])


@given(st.integers(0, 2**32), st.booleans())
def test_special_tokens_are_never_asked(seed: int, whole: bool) -> None:  # noqa: FBT001 -- hypothesis draws it
    """Begin, end and padding are neither guessed nor hidden, even if little is left."""
    ids = torch.randint(0, 9, (8, 30), generator=_rng(seed))
    begins = torch.tensor([True] * 7 + [False] * 2) if whole else None

    asked = mask_tokens(ids, 0.5, 9, _rng(seed), begins_word=begins)

    assert not ((asked.targets != IGNORED) & (asked.targets < N_SPECIAL)).any()
    special = ids < N_SPECIAL
    assert torch.equal(asked.ids[special], ids[special])


@given(st.integers(0, 2**32))
def test_words_are_asked_whole(seed: int) -> None:
    """With word starts known, at most one word of a row is asked in part."""
    begins = torch.tensor([True] * 10 + [False] * 10)
    ids = torch.randint(5, 20, (6, 40), generator=_rng(seed))

    asked = mask_tokens(ids, 0.3, 20, _rng(seed), begins_word=begins)

    hidden = torch.zeros_like(ids).scatter_(1, asked.positions, 1)
    words = begins[ids].long().cumsum(1)
    for row in range(6):
        parts = [
            hidden[row][words[row] == w].tolist() for w in set(words[row].tolist())
        ]
        assert sum(len(set(p)) == 2 for p in parts) <= 1


def test_the_draw_follows_from_the_seed() -> None:
    """The same seed hides the same tokens; another hides others."""
    ids = torch.randint(5, 100, (4, 50), generator=_rng())

    first, again, other = (mask_tokens(ids, 0.2, 100, _rng(s)).ids for s in (1, 1, 2))

    assert torch.equal(first, again)
    assert not torch.equal(first, other)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("đẹp quá quá", 3), ("đẹp, quá!", 4), ("xem 😂 😂", 3)],
)
def test_words_begin_where_a_reader_sees_them(text: str, expected: int) -> None:
    """Words, signs and emoji begin a word, and not the tokens that go on with one."""
    tokenizer = train_tokenizer(["đẹp quá", "xem 😂"] * 20, vocab_size=400)

    ids = tokenizer.encode(f" {text}", add_special_tokens=False).ids

    assert words_begin(tokenizer)[torch.tensor(ids)].sum() == expected
