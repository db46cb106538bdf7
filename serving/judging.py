"""From the items of a request to score objects, and to stored posts."""

import uuid
from collections.abc import Iterable
from datetime import UTC, datetime

from kiemtin.labels import Label
from kiemtin.policy import Policy
from kiemtin.schemas import ScoreOut
from kiemtin.scoring import Item, Scorer
from serving.db import Posts
from serving.schemas.score import ScoreIn


def item_of(request: ScoreIn) -> Item:
    """Return what the scorer needs of *request*, with an id of ours if it has none."""
    return Item(request.id or f"item_{uuid.uuid4().hex}", request.text, request.explain)


def restrict(
    score: ScoreOut, labels: Iterable[Label] | None, policy: Policy
) -> ScoreOut:
    """Return *score* as if there were only *labels*; None for all of them."""
    if labels is None:
        return score
    kept = set(labels)
    scores = {x: p for x, p in score.scores.items() if x in kept}
    flagged = {x: flag for x, flag in score.flagged.items() if x in kept}
    return score.model_copy(
        update={
            "scores": scores,
            "flagged": flagged,
            "recommendation": policy.recommend(scores, flagged),
            "abstain": {x: why for x, why in score.abstain.items() if x in kept},
            "reasons": [r for r in score.reasons if r.label in kept],
        }
    )


def store(posts: Posts, text: str, score: ScoreOut, scorer: Scorer) -> str:
    """Keep *text* with its *score* and return the id of the post."""
    return posts.add(
        text=text,
        scores={str(x): p for x, p in score.scores.items()},
        recommendation=score.recommendation.value,
        model_digest=scorer.digest,
        policy_version=scorer.policy.version,
        created_at=datetime.now(UTC),
    )
