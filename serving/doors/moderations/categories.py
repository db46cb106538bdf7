"""From our labels to OpenAI's categories, and no further than they go."""

from kiemtin.labels import Label
from kiemtin.schemas import ScoreOut
from serving.schemas.moderation import ModerationResultOut

MEASURED: dict[str, Label] = {
    "harassment": Label.ABUSIVE,
    "hate": Label.HATE,
    **{label.value: label for label in Label},
}
"""Two categories of theirs that ours come near to, and ours by their own names."""

NOT_MEASURED = (
    "harassment/threatening",
    "hate/threatening",
    "illicit",
    "illicit/violent",
    "self-harm",
    "self-harm/instructions",
    "self-harm/intent",
    "sexual",
    "sexual/minors",
    "violence",
    "violence/graphic",
)
"""Categories that a typed client must find, and of which we know nothing."""


def moderation_of(score: ScoreOut) -> ModerationResultOut:
    """Return *score* in categories; those that are not measured are false and 0."""
    unmeasured = dict.fromkeys(NOT_MEASURED, False)
    return ModerationResultOut(
        flagged=any(score.flagged.values()),
        categories={c: score.flagged[x] for c, x in MEASURED.items()} | unmeasured,
        category_scores={c: score.scores[x] for c, x in MEASURED.items()}
        | dict.fromkeys(NOT_MEASURED, 0.0),
        category_applied_input_types={
            **{c: ["text"] for c in MEASURED},
            **{c: [] for c in NOT_MEASURED},
        },
        recommendation=score.recommendation,
        abstain=score.abstain,
    )
