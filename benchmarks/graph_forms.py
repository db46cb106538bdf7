"""``make bench-export``: how large each form of a graph is, and how long it takes."""

import argparse
import tempfile
import time
from pathlib import Path

import numpy as np
import onnxruntime as ort

from kiemtin.bundles import COMPACT
from training.exporting.forms import Facts, export_variants
from training.exporting.graph import export_graph, open_graph
from training.finetuning.unpacking import unpack_network

SHAPES = ((1, 24), (1, 64), (1, 256), (16, 64))
"""Windows and tokens of a batch."""
_N_ROUNDS = 30


def main() -> None:
    """Take a bundle apart, write each form of it, and time all of them in turns."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("bundle", type=Path, nargs="?", default=COMPACT)
    bundle = parser.parse_args().bundle
    with tempfile.TemporaryDirectory() as folder:
        fp32 = Path(folder) / "fp32.onnx"
        export_graph(unpack_network(bundle), fp32)
        facts = export_variants(fp32, Path(folder))
        paths = [Path(folder) / f"{i}.onnx" for i in range(len(facts))]
        times = _times([open_graph(p) for p in paths])
    print("processor time on one thread, ms, medians of", _N_ROUNDS)  # noqa: T201
    print(f"{'':<32}    MB", *(f"{n:>4} x {t:<3}" for n, t in SHAPES))  # noqa: T201
    for fact, row in zip(facts, times, strict=True):
        print(_line(fact, row))  # noqa: T201


def _times(sessions: list[ort.InferenceSession]) -> np.ndarray:
    """Return ms of shape (sessions, shapes); in turns, so that a busy machine is fair."""
    rng = np.random.default_rng(0)
    taken = np.zeros((_N_ROUNDS, len(sessions), len(SHAPES)))
    for j, shape in enumerate(SHAPES):
        ids = rng.integers(5, 1000, shape)
        feed = {"input_ids": ids, "attention_mask": np.ones_like(ids)}
        for n in range(_N_ROUNDS):
            for i, session in enumerate(sessions):
                began = time.thread_time()
                session.run(["logits"], feed)
                taken[n, i, j] = time.thread_time() - began
    return np.asarray(np.median(taken, axis=0) * 1000)


def _line(fact: Facts, row: np.ndarray) -> str:
    return f"{fact.form:<32}{fact.megabytes:>6.1f} " + " ".join(f"{t:>10.2f}" for t in row)  # fmt: skip


if __name__ == "__main__":
    main()
