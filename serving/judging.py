"""From the items of a request to score objects, and to stored posts."""

import uuid
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from kiemtin.labels import Label
from kiemtin.policy import Policy
from kiemtin.schemas import Item, ScoreOut
from serving.db import Database, Posts
from serving.engine import Model
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


def store(
    database: Database, kept: Sequence[tuple[str, ScoreOut]], model: Model
) -> list[str]:
    """Keep texts with their scores, committed, and return the ids of the posts."""
    with database.session() as session:
        posts = Posts(session)
        ids = [_add(posts, text, score, model) for text, score in kept]
        session.commit()
    return ids


def _add(posts: Posts, text: str, score: ScoreOut, model: Model) -> str:
    return posts.add(
        text=text,
        scores={str(x): p for x, p in score.scores.items()},
        recommendation=score.recommendation.value,
        model_digest=model.digest,
        policy_version=model.policy.version,
        created_at=datetime.now(UTC),
    )
