"""Every row is seen once an epoch, in an order that a resumed run finds again."""

import numpy as np
import torch
from hypothesis import given
from hypothesis import strategies as st

from training.pretraining.feeding import Rows, batches
from training.pretraining.masking import BEGIN_ID

NUMBERED = np.arange(5, 45, dtype=np.uint16).repeat(3).reshape(40, 3)


@given(st.integers(1, 40), st.integers(0, 9))
def test_an_epoch_has_every_row_once(size: int, seed: int) -> None:
    """No row comes twice in an epoch, and only the rest of a batch is left out."""
    rows = Rows(NUMBERED, size, seed)

    seen = [int(row[1]) for step in range(rows.per_epoch) for row in rows.batch(step)]

    assert len(seen) == len(set(seen)) == 40 // size * size


def test_epochs_differ() -> None:
    """The order is another in the next epoch and with another seed."""
    first, second = Rows(NUMBERED, 8, 1).batch(0), Rows(NUMBERED, 8, 1).batch(5)

    assert not torch.equal(first, second)
    assert not torch.equal(first, Rows(NUMBERED, 8, 2).batch(0))


def test_rows_begin() -> None:
    """Each row begins with the token that a text begins with."""
    assert (Rows(NUMBERED, 8, 1).batch(0)[:, 0] == BEGIN_ID).all()


def test_a_resumed_run_reads_on() -> None:
    """Batches from step 7 on are those that a run from the beginning has there."""
    feed = batches(Rows(NUMBERED, 8, 1), 0, torch.device("cpu"))
    whole = [next(feed) for _ in range(12)]
    feed.close()

    resumed = batches(Rows(NUMBERED, 8, 1), 7, torch.device("cpu"))

    assert all(torch.equal(next(resumed), batch) for batch in whole[7:])
    resumed.close()
