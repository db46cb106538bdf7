"""Posts that resemble those that come in: most are new, some are copies."""

import random
from collections.abc import Sequence
from datetime import UTC, datetime

from benchmarks.serving.posts import read_posts
from kiemtin.labels import Label, Recommendation
from serving.review.drafts import Draft, Judged

_FLAGGED = 0.08
"""Of the posts of a day, if as many are flagged as people can look at."""
_COPIES = 0.3
_SWAPPED = 0.4


def new_texts(n: int, seed: int) -> list[str]:
    """Return *n* texts of the lengths of our samples, in words of theirs, none alike."""
    rng = random.Random(seed)  # noqa: S311 -- an order, not a secret
    samples = read_posts(None, 1_000)
    words = [w for x in samples for w in x.split()]
    return [
        " ".join(
            rng.choice(words) if rng.random() < _SWAPPED else w
            for w in rng.choice(samples).split()
        )
        for _ in range(n)
    ]


def copy_of(text: str, rng: random.Random) -> str:
    """Return *text* as somebody else posts it: other case, another number, a word more."""
    changed = text.upper() if rng.random() < _SWAPPED else text
    return f"{changed} {rng.randrange(10**9)} nhé"


def drafts(n: int, seed: int) -> list[Draft]:
    """Return posts of which nearly a third are copies of earlier ones."""
    rng = random.Random(seed)  # noqa: S311 -- the same
    texts = new_texts(n, seed)
    for i in range(1, n):
        if rng.random() < _COPIES:
            texts[i] = copy_of(texts[rng.randrange(i)], rng)
    at = datetime(2026, 11, 20, tzinfo=UTC)
    return [
        Draft(
            text=x,
            source="forum",
            external_id=f"{seed}-{i}",
            author_id=f"a{i % 1_000}",
            permalink=f"https://forum.example/{seed}/{i}",
            posted_at=at,
        )
        for i, x in enumerate(texts)
    ]


def judged(drafts: Sequence[Draft], seed: int) -> list[Judged]:
    """Return what a model might say of *drafts*."""
    rng = random.Random(seed)  # noqa: S311 -- the same
    return [_judged(rng, is_flagged=rng.random() < _FLAGGED) for _ in drafts]


def _judged(rng: random.Random, *, is_flagged: bool) -> Judged:
    label = rng.choice(list(Label))
    scores = {x.value: round(rng.random() * 0.5, 4) for x in Label}
    if is_flagged:
        scores[label.value] = 0.9
    reason = {"label": label.value, "start": 0, "end": 4, "text": "xxxx", "weight": 0.2}
    return Judged(
        scores=scores,
        flagged=[label.value] if is_flagged else [],
        recommendation=Recommendation.REVIEW if is_flagged else Recommendation.NONE,
        reasons=[reason] * 5 if is_flagged else None,
        model_digest="sha256:" + "0" * 64,
        policy_version="bundled-0",
    )
