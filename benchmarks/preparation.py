"""``make bench-data``: preparing all corpora that are there, then once more."""

import argparse
import tempfile
from pathlib import Path

from benchmarks.measured import Measured, peak_mb, timed
from training.preparation.run import prepare


def main() -> None:
    """Prepare the corpora in ``--data`` twice, and print seconds and megabytes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("data/raw"))
    raw = parser.parse_args().data
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "processed"
        (manifest, _), first_s = timed(lambda: prepare(raw, out))
        (_, made), second_s = timed(lambda: prepare(raw, out))
    assert not made  # noqa: S101 - else the second figure means nothing
    n_rows = sum(sum(counts.values()) for counts in manifest.rows.values())
    print(f"{n_rows} rows of {len(manifest.rules.corpora)} corpora")  # noqa: T201
    for figure in (
        Measured("preparing all corpora", first_s, "s", 300),
        Measured("peak memory of it", peak_mb(), "MB", 4000),
        Measured("preparing what has not changed", second_s, "s", 5),
    ):
        print(figure)  # noqa: T201


if __name__ == "__main__":
    main()
