"""``make bench-bundle``: how large a bundle is, and what a post of 64 tokens costs."""

import argparse
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from benchmarks.measured import Measured
from kiemtin.bundles import COMPACT
from kiemtin.manifest import MODEL_FILE, TOKENIZER_FILE
from kiemtin.network import Network
from kiemtin.schemas import Item
from kiemtin.scoring import Scorer
from kiemtin.text import Encoder, WindowSpec, normalize
from kiemtin.wide import read_wide

MEGABYTES, MILLISECONDS = 40.0, 8.0
"""What is asked for."""
N_TOKENS = 64
_N_ROUNDS = 200
_TEXT = (
    "Theo mình thì nên đọc kỹ hợp đồng trước khi ký, đừng tin lời quảng cáo. Hôm qua có "
    "người gọi cho mẹ mình, xưng là nhân viên ngân hàng, đòi mã xác thực rồi doạ khoá thẻ. "
    "Mình báo công an phường, họ nói cả tuần nay có mấy chục người trong xóm bị gọi như vậy. "
    "Cả nhà nhớ dặn ông bà đừng bấm vào đường dẫn lạ nhé, mất tiền rồi khó lấy lại lắm."
)


def main() -> None:
    """Print the size of a bundle, and the time of a post and of each part of the work."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("bundle", type=Path, nargs="?", default=COMPACT)
    bundle = parser.parse_args().bundle
    scorer = Scorer.load(bundle)
    window = scorer.manifest.window
    encoder = Encoder.from_file(
        bundle / TOKENIZER_FILE, WindowSpec(window.tokens, window.overlap, window.most)
    )
    network = Network.load(
        bundle / MODEL_FILE, pad_id=encoder.pad_id, rows_independent=True, threads=1
    )
    wide = read_wide(bundle, scorer.manifest)
    encoded = encoder.encode(normalize(_TEXT))
    text = normalize(_TEXT[: encoded.spans[N_TOKENS - 3][1]])
    ids = encoder.window_ids(encoded.ids, (0, N_TOKENS - 2))

    parts: dict[str, Callable[[], object]] = {
        "a post, from text to score": lambda: scorer.score(Item("1", text.text)),
        "  network": lambda: network.logits([ids]),
        "  normalizing": lambda: normalize(text.text),
        "  tokens": lambda: encoder.encode(text),
    }
    if wide:
        parts["  wide part"] = lambda: wide.logits(text.text)
    size = sum(p.stat().st_size for p in bundle.iterdir()) / 1e6
    print(Measured("bundle on disk", size, "MB", MEGABYTES))  # noqa: T201 -- it prints
    for name, found in _medians(parts).items():
        print(Measured(name, found, "ms", MILLISECONDS))  # noqa: T201 -- the same


def _medians(parts: dict[str, Callable[[], object]]) -> dict[str, float]:
    """Return ms of processor time on one core; in turns, so that none is favoured."""
    taken: dict[str, list[float]] = {name: [] for name in parts}
    for _ in range(_N_ROUNDS):
        for name, run in parts.items():
            began = time.process_time()
            run()
            taken[name].append(time.process_time() - began)
    return {name: float(np.median(x)) * 1000 for name, x in taken.items()}


if __name__ == "__main__":
    main()
