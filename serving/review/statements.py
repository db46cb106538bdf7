"""
Statements of reasons in the shape of the DSA Transparency Database of the EU.

Its API, version 2 (https://transparency.dsa.ec.europa.eu/page/api-documentation), takes
a hundred of them at once. A statement is of one post, and of no person: what a platform
did on our recommendation it may send as it is, after it did so.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from kiemtin.labels import Label
from serving.db import Session
from serving.db.exports import Exports, Restriction
from serving.review.outcomes import Origin, Outcome
from serving.review.policy import ReviewPolicy

TERRITORIES = (
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU",
    "IE", "IS", "IT", "LI", "LT", "LU", "LV", "MT", "NL", "NO", "PL", "PT", "RO", "SE",
    "SI", "SK",
)  # fmt: skip
"""The European Economic Area: a recommendation of ours is for no country in particular."""

VISIBILITIES = {
    Outcome.TAKEDOWN: "DECISION_VISIBILITY_CONTENT_REMOVED",
    Outcome.REDUCE: "DECISION_VISIBILITY_CONTENT_DEMOTED",
    Outcome.LABEL: "DECISION_VISIBILITY_CONTENT_LABELLED",
    Outcome.CORRECT: "DECISION_VISIBILITY_OTHER",
}
CORRECTED = "A correction is shown with the content"
CATEGORIES = {
    Label.HATE: "STATEMENT_CATEGORY_ILLEGAL_OR_HARMFUL_SPEECH",
    Label.SCAM: "STATEMENT_CATEGORY_SCAMS_AND_FRAUD",
    Label.ABUSIVE: "STATEMENT_CATEGORY_CYBER_VIOLENCE",
    # Not "effects on civic discourse or elections": we say nothing of politics.
    Label.UNRELIABLE: "STATEMENT_CATEGORY_OTHER_VIOLATION_TC",
    Label.SPAM: "STATEMENT_CATEGORY_OTHER_VIOLATION_TC",
}
"""Of each label; where several are upheld, the first one here is the category."""
KEYWORDS = {
    Label.ABUSIVE: "KEYWORD_CYBER_HARASSMENT",
    Label.UNRELIABLE: "KEYWORD_MISINFORMATION_DISINFORMATION",
}
SOURCES = {
    Origin.PIPELINE: "SOURCE_VOLUNTARY",
    Origin.USER_REPORT: "SOURCE_ARTICLE_16",
    Origin.AUTHORITY: "SOURCE_TYPE_OTHER_NOTIFICATION",
}
_DATE = "%Y-%m-%d"
_EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
"""The database of the EU takes no content that is older."""
_MOST_AT_ONCE = 100
_FOUND = {
    Origin.PIPELINE: "Found in our own monitoring",
    Origin.USER_REPORT: "Reported by a user",
    Origin.AUTHORITY: "Pointed out by a public authority",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """A statement of reasons; the fields are those of the database of the EU."""

    decision_visibility: list[str]
    decision_visibility_other: str | None
    decision_ground: str
    incompatible_content_ground: str
    incompatible_content_explanation: str
    content_type: list[str]
    category: str
    category_addition: list[str]
    category_specification: list[str]
    territorial_scope: list[str]
    content_language: str | None
    content_date: str
    application_date: str
    decision_facts: str
    source_type: str
    source_identity: str | None
    automated_detection: str
    automated_decision: str
    puid: str


def statements(
    session: Session,
    policy: ReviewPolicy,
    since: datetime,
    until: datetime,
    territories: Sequence[str] = TERRITORIES,
) -> Iterator[Statement]:
    """Yield a statement for each post that a decision restricts since that time."""
    after = None
    while True:
        page = Exports(session).restrictions(since, until, after, _MOST_AT_ONCE)
        for x in page:
            yield statement_of(x, policy, territories)
        if len(page) < _MOST_AT_ONCE:
            return
        after = page[-1].place


def statement_of(
    found: Restriction,
    policy: ReviewPolicy,
    territories: Sequence[str] = TERRITORIES,
) -> Statement:
    """Return the statement for one post."""
    outcome = Outcome(found.outcome)
    labels = [x for x in CATEGORIES if x in found.labels]
    categories = list(dict.fromkeys(CATEGORIES[x] for x in labels))
    origin = Origin(found.facts.get("origin", Origin.PIPELINE))
    is_authority = origin is Origin.AUTHORITY
    return Statement(
        decision_visibility=[VISIBILITIES[outcome]],
        decision_visibility_other=CORRECTED if outcome is Outcome.CORRECT else None,
        decision_ground="DECISION_GROUND_INCOMPATIBLE_CONTENT",
        incompatible_content_ground=_clause(found.clause, policy),
        incompatible_content_explanation=_reason(found.reason_code, policy),
        content_type=["CONTENT_TYPE_TEXT"],
        category=categories[0],
        category_addition=categories[1:],
        category_specification=[KEYWORDS[x] for x in labels if x in KEYWORDS],
        territorial_scope=list(territories),
        content_language="VI" if found.language == "vi" else None,
        content_date=max(found.content_at, _EARLIEST).strftime(_DATE),
        application_date=found.at.strftime(_DATE),
        decision_facts=_facts(found, origin),
        source_type=SOURCES[origin],
        source_identity="A public authority" if is_authority else None,
        automated_detection="Yes" if _is_detected(found, origin) else "No",
        automated_decision="AUTOMATED_DECISION_NOT_AUTOMATED",
        puid=f"{found.decision_id}-{found.post_id}",
    )


def _is_detected(found: Restriction, origin: Origin) -> bool:
    """Say whether it was a machine that found the post, and nobody else."""
    return origin is Origin.PIPELINE and bool(found.facts.get("flagged"))


def _clause(code: str | None, policy: ReviewPolicy) -> str:
    """Return the rule in words, or its code if the policy has it no longer."""
    words = next((x.en for x in policy.clauses if x.code == code), None)
    return f"{code}: {words}" if words else str(code)


def _reason(code: str, policy: ReviewPolicy) -> str:
    words = next((x.en for x in policy.reasons if x.code == code), None)
    return f"{code}: {words}" if words else code


def _facts(found: Restriction, origin: Origin) -> str:
    """Say how the decision came about, of what is recorded and is of no person."""
    flagged = ", ".join(found.facts.get("flagged", ()))
    by = f"a model flagged it as {flagged}" if flagged else "no model flagged it"
    copies = (
        f" The decision is for {found.n_posts} copies." if found.n_posts > 1 else ""
    )
    upheld = ", ".join(found.labels)
    return (
        f"{_FOUND[origin]}; {by}. A person looked at it and upheld {upheld}."
        f"{copies} Nothing was decided by a machine."
    )
