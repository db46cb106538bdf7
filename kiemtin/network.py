"""The network of a bundle: windows of token ids in, logits out."""

from collections.abc import Sequence
from pathlib import Path
from typing import Self

import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray

from kiemtin.errors import BundleCorruptError, ProviderUnavailableError
from kiemtin.labels import Label

_BATCH_TOKENS = 256
"""A batch of more falls out of a core's cache; one of less pays more for each run."""
_GPU_BATCH_TOKENS = 16_384
_PADDING = 0.1
_PROVIDERS = {
    "cpu": ["CPUExecutionProvider"],
    "cuda": ["CUDAExecutionProvider", "CPUExecutionProvider"],
}
"""What ONNX Runtime is asked for; it computes on the last what the first cannot."""
_DISABLED = ["SkipLayerNormFusion"]
"""Its kernel is five times as slow as what it would take the place of."""


class Network:
    """An ONNX Runtime session; safe to call from several threads."""

    def __init__(
        self, session: ort.InferenceSession, *, pad_id: int, rows_independent: bool
    ) -> None:
        self._session = session
        self._pad_id = pad_id
        on_gpu = "CUDAExecutionProvider" in session.get_providers()
        most = _GPU_BATCH_TOKENS if on_gpu else _BATCH_TOKENS
        self._batch_tokens = most if rows_independent else 0

    @classmethod
    def load(
        cls,
        path: Path,
        *,
        pad_id: int,
        rows_independent: bool,
        threads: int,
        provider: str = "cpu",
    ) -> Self:
        """
        Load the graph in *path*.

        Args:
            path: The graph.
            pad_id: What short windows are filled up with.
            rows_independent: Whether windows may share a run.
            threads: How many share a run.
            provider: ``cpu``, or ``cuda`` where onnxruntime-gpu finds one.

        Raises:
            BundleCorruptError: If ONNX Runtime cannot read it.
            ProviderUnavailableError: If there is no such device, or no code for it.
        """
        if _PROVIDERS[provider][0] not in ort.get_available_providers():
            msg = f"ONNX Runtime knows no {provider} here; onnxruntime-gpu may"
            raise ProviderUnavailableError(msg)
        options = ort.SessionOptions()
        options.intra_op_num_threads = threads
        options.log_severity_level = 3
        try:
            session = ort.InferenceSession(
                path,
                options,
                _PROVIDERS[provider],
                disabled_optimizers=_DISABLED,
            )
        except Exception as e:
            msg = f"{path} is not a graph that ONNX Runtime reads"
            raise BundleCorruptError(msg) from e
        return cls(session, pad_id=pad_id, rows_independent=rows_independent)

    def logits(self, windows: Sequence[Sequence[int]]) -> NDArray[np.float32]:
        """Return logits of shape (windows, labels), in the order of *windows*."""
        out = np.zeros((len(windows), len(Label)), dtype=np.float32)
        for chosen in self.batches([len(w) for w in windows]):
            out[chosen] = self._run([windows[i] for i in chosen])
        return out

    def batches(self, lengths: Sequence[int]) -> list[list[int]]:
        """
        Return which windows of these *lengths* share a run.

        A batch holds at most so many tokens, of which less than a tenth are padding.
        """
        order = sorted(range(len(lengths)), key=lambda i: -lengths[i])
        batches: list[list[int]] = []
        width = n_tokens = 0
        for i in order:
            n_padded = width * (len(batches[-1]) + 1) if batches else 0
            if (
                not 0 < n_padded <= self._batch_tokens
                or n_padded - n_tokens - lengths[i] >= _PADDING * n_padded
            ):
                batches.append([])
                width, n_tokens = lengths[i], 0
            batches[-1].append(i)
            n_tokens += lengths[i]
        return batches

    def _run(self, windows: Sequence[Sequence[int]]) -> NDArray[np.float32]:
        width = max(map(len, windows))
        ids = np.full((len(windows), width), self._pad_id, dtype=np.int64)
        mask = np.zeros_like(ids)
        for row, window in enumerate(windows):
            ids[row, : len(window)] = window
            mask[row, : len(window)] = 1
        feed = {"input_ids": ids, "attention_mask": mask}
        (logits,) = self._session.run(["logits"], feed)
        return np.asarray(logits, dtype=np.float32)
