"""The network of a bundle: windows of token ids in, logits out."""

from itertools import groupby
from pathlib import Path
from typing import Self

import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray

from kiemtin.errors import BundleCorruptError
from kiemtin.labels import Label

_BATCH_TOKENS = 1_024
"""More padded tokens in a batch cost memory and win no speed on a CPU."""


class Network:
    """An ONNX Runtime session; safe to call from several threads."""

    def __init__(
        self, session: ort.InferenceSession, *, pad_id: int, rows_independent: bool
    ) -> None:
        self._session = session
        self._pad_id = pad_id
        self._batch_tokens = _BATCH_TOKENS if rows_independent else 0

    @classmethod
    def load(
        cls, path: Path, *, pad_id: int, rows_independent: bool, threads: int
    ) -> Self:
        """
        Load the graph in *path*; *threads* share one run.

        Raises:
            BundleCorruptError: If ONNX Runtime cannot read it.
        """
        options = ort.SessionOptions()
        options.intra_op_num_threads = threads
        options.log_severity_level = 3
        try:
            session = ort.InferenceSession(path, options, ["CPUExecutionProvider"])
        except Exception as e:
            msg = f"{path} is not a graph that ONNX Runtime reads"
            raise BundleCorruptError(msg) from e
        return cls(session, pad_id=pad_id, rows_independent=rows_independent)

    def logits(self, windows: list[list[int]]) -> NDArray[np.float32]:
        """Return logits of shape (windows, labels), in the order of *windows*."""
        out = np.zeros((len(windows), len(Label)), dtype=np.float32)
        order = sorted(range(len(windows)), key=lambda i: len(windows[i]))
        for _, rows in groupby(
            enumerate(order), lambda x: self._batch_of(x[0], x[1], windows)
        ):
            chosen = [i for _, i in rows]
            out[chosen] = self._run([windows[i] for i in chosen])
        return out

    def _batch_of(self, rank: int, i: int, windows: list[list[int]]) -> tuple[int, int]:
        # Windows of nearly one length share a batch, so that little is padded.
        if not self._batch_tokens:
            return rank, 0
        size = -(-len(windows[i]) // 16) * 16
        return size, rank // max(1, self._batch_tokens // size)

    def _run(self, windows: list[list[int]]) -> NDArray[np.float32]:
        width = max(map(len, windows))
        ids = np.full((len(windows), width), self._pad_id, dtype=np.int64)
        mask = np.zeros_like(ids)
        for row, window in enumerate(windows):
            ids[row, : len(window)] = window
            mask[row, : len(window)] = 1
        feed = {"input_ids": ids, "attention_mask": mask}
        (logits,) = self._session.run(["logits"], feed)
        return np.asarray(logits, dtype=np.float32)
