"""``make bench-text``: how fast texts are normalized, clean ones and hostile ones."""

import argparse
import time
from collections.abc import Callable
from pathlib import Path

from kiemtin.text import normalize
from training.corpora import CORPORA, Row, folder_of, read_corpus

LEAST_CHARS_PER_S = 3_000_000
MOST_S = 1.0
"""For a megabyte of any input."""

_N = 1_000_000

HOSTILE: dict[str, Callable[[], str]] = {
    "nested entities": lambda: "&" + "amp;" * (_N // 4) + "lt;",
    "entities": lambda: "&#7915;" * (_N // 7),
    "a million joiners": lambda: "a" + "\u200d" * _N,
    "joiners in every word": lambda: "n\u200bg\u200bu " * (_N // 6),
    "one long stretched word": lambda: "u" * _N,
    "many stretched words": lambda: "nguuuu " * (_N // 7),
    "a million marks": lambda: "a" + "\u0301" * _N,
    "letters with marks": lambda: "a\u0302\u0301" * (_N // 3),
    "dots between letters": lambda: "a." * (_N // 2),
    "spaces between letters": lambda: "n g u " * (_N // 6),
    "alternating alphabets": lambda: "аa" * (_N // 2),
    "mixed words": lambda: "lừа đảо " * (_N // 8),
    "digits": lambda: "1" * _N,
    "digits in words": lambda: "ch3t " * (_N // 5),
    "phones and dots": lambda: "0912.345.678." * (_N // 13),
    "at signs": lambda: "a@" * (_N // 2),
    "teencode": lambda: "ko dc vl " * (_N // 9),
    "emoji": lambda: "👍🏽" * (_N // 2),
    "styled letters": lambda: "𝐧𝐠𝐮" * (_N // 3),
    "spaces": lambda: " \n" * (_N // 2),
}


def main() -> None:
    """Print characters a second on clean text, and seconds for hostile megabytes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("data/raw"))
    raw = parser.parse_args().data
    failed = False
    for name in CORPORA:
        if folder_of(name, raw).is_dir():
            texts = [x.text for x in read_corpus(name, raw) if isinstance(x, Row)]
            n_chars = sum(map(len, texts))
            speed = n_chars / min(_cpu_s(texts) for _ in range(3))
            print(f"{name:<28} {speed / 1e6:6.2f} million characters/s")  # noqa: T201
    for name, make in HOSTILE.items():
        seconds = _cpu_s([make()])
        failed |= seconds > MOST_S
        verdict = "ok" if seconds <= MOST_S else "MISSED"
        print(f"{name:<28} {seconds:6.2f} s  {verdict}")  # noqa: T201
    raise SystemExit(failed)


def _cpu_s(texts: list[str]) -> float:
    began = time.process_time()
    for text in texts:
        normalize(text)
    return time.process_time() - began


if __name__ == "__main__":
    main()
