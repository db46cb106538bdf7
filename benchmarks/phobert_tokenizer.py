"""
PhoBERT's ids from Rust and from Python: how much faster, on text not seen before.

Each figure is the best of some runs, each with a new tokenizer whose cache is empty.
"""

import argparse
import json
import lzma
import os
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from operator import itemgetter
from pathlib import Path

import numpy as np
from transformers import PhobertTokenizer

from kiemtin.text import normalize
from kiemtin.text.phobert import (
    MERGES_FILE,
    VOCABULARY_FILE,
    build_tokenizer,
    fold_unknown,
)
from kiemtin.text.segment import Segmenter, installed_version, load_segmenter, segment

RAW = Path("data/raw")
Timed = tuple[list[list[int]], float]
"""The ids of each text, and the seconds that all of them took."""

Encode = Callable[[Path, list[str]], Timed]

N_RUNS = 3


def main() -> None:
    """Encode texts of every corpus with both, and print seconds and ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--phobert", type=Path, default=RAW / "phobert-base")
    parser.add_argument("--corpora", type=Path, default=RAW / "corpora")
    parser.add_argument("--n-characters", type=int, default=1_000_000)
    args = parser.parse_args()
    segmenter = _best_segmenter()
    print(f"segmenter: {segmenter.name} {segmenter.version}")  # noqa: T201
    for corpus in sorted(args.corpora.glob("*.jsonl.xz")):
        texts = _read_texts(corpus, args.n_characters, segmenter)
        print(f"{corpus.name:<24} {_compare(args.phobert, texts)}", flush=True)  # noqa: T201


def _compare(folder: Path, texts: list[str]) -> str:
    """Return a line for people about both tokenizers on *texts*."""
    slow, slow_s = _best(_encode_slowly, folder, texts, 1)
    parts = [f"{len(texts):6} texts, Python {slow_s:5.2f} s"]
    for n_threads in (1, 2):
        fast, fast_s = _best(_encode_fast, folder, texts, n_threads)
        n_differ = sum(a != b for a, b in zip(slow, fast, strict=True))
        ratio = f"{slow_s / fast_s:4.1f} times as fast, {n_differ} differ"
        parts.append(f"Rust with {n_threads}: {fast_s:5.2f} s, {ratio}")
    return "; ".join(parts)


def _best_segmenter() -> Segmenter:
    version = installed_version("underthesea")
    if version is None:
        return load_segmenter("none", "")
    return load_segmenter("underthesea", version)


def _read_texts(corpus: Path, n: int, segmenter: Segmenter) -> list[str]:
    """Return texts of *corpus* as PhoBERT reads them, of about *n* characters."""
    texts: list[str] = []
    with lzma.open(corpus, "rt", encoding="utf-8") as lines:
        for line in lines:
            texts.append(segment(normalize(json.loads(line)["text"]), segmenter).text)
            n -= len(texts[-1])
            if n <= 0:
                break
    return texts


def _best(encode: Encode, folder: Path, texts: list[str], n_threads: int) -> Timed:
    """Return the fastest run in a process of its own: threads are counted only once."""
    with ProcessPoolExecutor(1, get_context("spawn"), _allow, (n_threads,)) as pool:
        runs = [pool.submit(encode, folder, texts).result() for _ in range(N_RUNS)]
    return min(runs, key=itemgetter(1))


def _allow(n_threads: int) -> None:
    os.environ["TOKENIZERS_PARALLELISM"] = "true"
    os.environ["RAYON_NUM_THREADS"] = str(n_threads)


def _encode_slowly(folder: Path, texts: list[str]) -> Timed:
    tokenizer = PhobertTokenizer(  # type: ignore[no-untyped-call]
        str(folder / VOCABULARY_FILE), str(folder / MERGES_FILE)
    )
    began = time.perf_counter()
    ids = [tokenizer(text)["input_ids"] for text in texts]
    return ids, time.perf_counter() - began


def _encode_fast(folder: Path, texts: list[str]) -> Timed:
    tokenizer = build_tokenizer(folder)
    mask_id = max(tokenizer.get_added_tokens_decoder())
    began = time.perf_counter()
    ids = [np.array(e.ids, np.int64) for e in tokenizer.encode_batch(texts)]
    folded = [fold_unknown(i, mask_id).tolist() for i in ids]
    return folded, time.perf_counter() - began


if __name__ == "__main__":
    main()
