"""
Any string at all gives a normalized text, whole and fast: fuzzed with atheris.

``make fuzz`` runs it for ten minutes. What it finds is cut down and kept in
``corpus/``, which ``tests/kiemtin/text/test_fuzz_corpus.py`` replays on every run.
"""

import sys

import atheris

with atheris.instrument_imports(include=["kiemtin.text"]):
    from tests.fixtures.laws import hold

CODE_POINTS = b"\xff"
"""Begins an input whose bytes are code points; others are UTF-8."""


def decode(raw: bytes) -> str:
    """Return the text that *raw* stands for."""
    # As UTF-8 the seeds and the dictionary are words; code points reach the rest.
    if raw.startswith(CODE_POINTS):
        points = atheris.FuzzedDataProvider(raw[1:])
        return str(points.ConsumeUnicode(len(raw)))
    return raw.decode("utf-8", "replace")


def main() -> None:
    """Fuzz until libFuzzer's own options say stop."""
    atheris.Setup(sys.argv, lambda raw: hold(decode(raw)))
    atheris.Fuzz()


if __name__ == "__main__":
    main()
