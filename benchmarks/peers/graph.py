"""What anybody would write to run the graph: its tokenizer, and ONNX Runtime."""

from typing import Self

import numpy as np
import onnxruntime as ort
from tokenizers import Tokenizer

from benchmarks.peers import FOLDER

N_TOKENS = 256
"""The longest text that the network reads; of a longer one the rest is cut off."""


class Graph:
    """A tokenizer and a session; safe to call from several threads."""

    def __init__(self, tokenizer: Tokenizer, session: ort.InferenceSession) -> None:
        tokenizer.enable_truncation(N_TOKENS)
        pad = "<pad>"
        tokenizer.enable_padding(pad_id=tokenizer.token_to_id(pad), pad_token=pad)
        self._tokenizer = tokenizer
        self._session = session

    @classmethod
    def load(cls, options: ort.SessionOptions) -> Self:
        """Load what ``benchmarks.peers.folder`` wrote."""
        tokenizer = Tokenizer.from_file(str(FOLDER / "tokenizer.json"))
        session = ort.InferenceSession(
            FOLDER / "model.onnx", options, ["CPUExecutionProvider"]
        )
        return cls(tokenizer, session)

    def scores(self, texts: list[str]) -> list[list[float]]:
        """Return the probabilities of the labels for each of *texts*."""
        encodings = self._tokenizer.encode_batch(texts)
        feed = {
            "input_ids": np.array([e.ids for e in encodings], dtype=np.int64),
            "attention_mask": np.array(
                [e.attention_mask for e in encodings], dtype=np.int64
            ),
        }
        (logits,) = self._session.run(["logits"], feed)
        scores: list[list[float]] = (1 / (1 + np.exp(-logits))).tolist()
        return scores
