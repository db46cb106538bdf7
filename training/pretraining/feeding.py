"""Batches of packed rows, read ahead while the network computes."""

from collections import deque
from collections.abc import Generator
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import count

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from training.pretraining.masking import BEGIN_ID

_AHEAD = 4


class Rows:
    """Packed rows in an order that follows from the seed and the step alone."""

    def __init__(self, rows: NDArray[np.uint16], size: int, seed: int) -> None:
        self._rows = rows
        self._size = size
        self._seed = seed
        self._epoch = -1
        self._order = np.arange(0)
        self.per_epoch, self.length = len(rows) // size, rows.shape[1]

    def batch(self, step: int) -> Tensor:
        """Return the rows of *step*, shape (size, tokens), each begun anew."""
        epoch, at = divmod(step, self.per_epoch)
        if epoch != self._epoch:
            rng = np.random.default_rng([self._seed, epoch])
            self._epoch, self._order = epoch, rng.permutation(len(self._rows))
        chosen = self._order[at * self._size : (at + 1) * self._size]
        # In the order of the file: a map of the disk is read forward.
        ids = self._rows[np.sort(chosen)].astype(np.int64)
        ids[:, 0] = BEGIN_ID
        return torch.from_numpy(ids)


def batches(rows: Rows, start: int, device: torch.device) -> Generator[Tensor]:
    """Yield the batches from step *start* on, without an end, on *device*."""
    pinned = device.type == "cuda"

    def load(step: int) -> Tensor:
        batch = rows.batch(step)
        return batch.pin_memory() if pinned else batch

    steps = count(start)
    with ThreadPoolExecutor(1) as pool:
        waiting: deque[Future[Tensor]] = deque(
            pool.submit(load, next(steps)) for _ in range(_AHEAD)
        )
        while True:
            batch = waiting.popleft().result()
            waiting.append(pool.submit(load, next(steps)))
            yield batch.to(device, non_blocking=True)
