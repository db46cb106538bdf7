"""Batches hold every example once, and little padding."""

from collections import Counter

import torch
from hypothesis import given
from hypothesis import strategies as st

from training.finetuning.batches import collate, group, share
from training.finetuning.examples import Example

NOTHING, EVERYTHING = (0.0,) * 5, (1.0,) * 5


def _example(*widths: int, corpus: int = 0) -> Example:
    windows = tuple(tuple(range(5, 5 + w)) for w in widths)
    return Example(windows, NOTHING, EVERYTHING, corpus)


EXAMPLES = st.lists(
    st.lists(st.integers(1, 64), min_size=1, max_size=4).map(lambda w: _example(*w)),
    min_size=1,
    max_size=60,
)


@given(EXAMPLES, st.integers(64, 512), st.integers(0, 9))
def test_groups_hold_every_example_once_and_keep_the_limit(
    examples: list[Example], batch_tokens: int, seed: int
) -> None:
    """Grouping by length loses nothing; what is too large for a batch stands alone."""
    groups = group(examples, batch_tokens=batch_tokens, seed=seed)

    assert Counter(e for g in groups for e in g) == Counter(examples)
    for found in groups:
        size = collate(found, pad_id=1).input_ids.numel()
        assert len(found) == 1 or size <= batch_tokens


def test_padding_is_little() -> None:
    """Long and short examples do not share a batch, where there are enough of each."""
    examples = [_example(1 + i % 60) for i in range(600)]

    batches = [collate(g, pad_id=1) for g in group(examples, batch_tokens=1024, seed=0)]

    n_padded = sum(b.input_ids.numel() for b in batches)
    n_tokens = sum(int(b.attention_mask.sum()) for b in batches)
    assert n_padded < 1.15 * n_tokens
    assert len({b.input_ids.shape[1] for b in batches[:5]}) > 1


@given(EXAMPLES, st.integers(1, 4))
def test_processes_share_a_batch(examples: list[Example], n: int) -> None:
    """Together they have each example once; one without work has one of no weight."""
    shares = [share(examples, i, n) for i in range(n)]

    weighty = [e for s in shares for e in s if any(e.weights)]
    assert Counter(weighty) == Counter(examples)
    assert all(shares)


def test_rows_keep_their_windows() -> None:
    """Each window knows its row, and padding is masked."""
    batch = collate([_example(3, 5), _example(2, corpus=1)], pad_id=1)

    assert batch.row_of.tolist() == [0, 0, 1]
    assert batch.corpus.tolist() == [0, 1]
    assert batch.attention_mask.sum(dim=1).tolist() == [3, 5, 2]
    assert set(batch.input_ids[batch.attention_mask == 0].tolist()) == {1}
    assert batch.soft.isnan().all()


def test_batch_moves_whole() -> None:
    """All tensors of a batch are sent to a device."""
    batch = collate([_example(3)], pad_id=1).to(torch.device("meta"))

    assert batch.input_ids.is_meta
    assert batch.soft.is_meta
