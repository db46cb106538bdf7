"""``make bench-data``: near-duplicates of 130,000 rows."""

import argparse
from pathlib import Path

from benchmarks.measured import Measured, peak_mb, timed
from training.corpora import CORPORA, Row, folder_of, read_corpus
from training.pool import cluster

N_ROWS = 130_000


def main() -> None:
    """Cluster the texts in ``--data``, and changed copies of them up to 130,000."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("data/raw"))
    texts = _texts(parser.parse_args().data)
    n_published = len(texts)
    for i in range(N_ROWS - n_published):
        texts.append(f"{texts[i % n_published]} số {i} nhé bạn ơi")
    texts = texts[:N_ROWS]
    clusters, seconds = timed(lambda: cluster(texts))
    print(  # noqa: T201
        f"{len(texts)} texts, {min(n_published, N_ROWS)} of them as published, "
        f"{len(set(clusters.tolist()))} clusters"
    )
    for figure in (
        Measured("clustering 130,000 rows", seconds, "s", 120),
        Measured("peak memory of it, texts included", peak_mb(), "MB", 2000),
    ):
        print(figure)  # noqa: T201


def _texts(raw: Path) -> list[str]:
    there = [name for name in CORPORA if folder_of(name, raw).is_dir()]
    found = (x for name in there for x in read_corpus(name, raw))
    return [x.text for x in found if isinstance(x, Row)]


if __name__ == "__main__":
    main()
