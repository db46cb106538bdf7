"""The posts that everybody is sent."""

import json
import random
from pathlib import Path

from kiemtin.bundles import COMPACT
from kiemtin.manifest import TOKENIZER_FILE
from kiemtin.text import Encoder, WindowSpec, normalize

_ONE_WINDOW = 250
_SAMPLES = Path(__file__).parents[2] / "data" / "samples"


def read_posts(path: Path | None, n: int) -> list[str]:
    """
    Return *n* posts, normalized, in a random order that stays; peers do not normalize.

    Args:
        path: A JSON object with a ``text`` on each line; our own samples if it is None.
        n: How many; they come again if there are fewer.
    """
    files = [path] if path else sorted(_SAMPLES.glob("*.jsonl"))
    # Not splitlines: a text may hold a line separator of another kind.
    contents = [f.read_text(encoding="utf-8").strip("\n") for f in files]
    lines = [line for content in contents for line in content.split("\n")]
    texts = [normalize(json.loads(line)["text"]).text for line in lines]
    posts = [x for x in dict.fromkeys(texts) if x]
    random.Random(7).shuffle(posts)  # noqa: S311 -- an order, not a secret
    return (posts * (n // len(posts) + 1))[:n]


def cut(posts: list[str]) -> list[str]:
    """Return *posts* without what peers would not read: they know one window."""
    encoder = _encoder()
    found = encoder.encode_batch([normalize(x) for x in posts])
    return [
        x if len(e.ids) <= _ONE_WINDOW else x[: e.spans[_ONE_WINDOW][0]]
        for x, e in zip(posts, found, strict=True)
    ]


def n_tokens(posts: list[str]) -> list[int]:
    """Return how many tokens each of *posts* has."""
    found = _encoder().encode_batch([normalize(x) for x in posts])
    return [len(x.ids) for x in found]


def _encoder() -> Encoder:
    return Encoder.from_file(COMPACT / TOKENIZER_FILE, WindowSpec(256, 64, 8))
