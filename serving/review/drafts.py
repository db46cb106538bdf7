"""Posts on their way in: what came, what the model said of it, what became of it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from kiemtin.errors import KiemtinError
from kiemtin.labels import Recommendation
from kiemtin.schemas import NOT_VIETNAMESE, ScoreOut
from serving.db.arrivals import Key
from serving.keyed import Keyed
from serving.review.clusters import Print
from serving.review.outcomes import Origin

VIETNAMESE, OTHER = "vi", "other"


@dataclass(frozen=True, slots=True)
class Report:
    """What a user said of a post; without an ``id`` equal ones are told by their order."""

    reason: str
    id: str | None = None
    note: str | None = None
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """
    A post as it came, under its natural key.

    Attributes:
        author_id: Who wrote it, in words of the source; only a keyed hash is kept.
        context: ``title``, ``parent_text`` and ``url``: where the post stood.
    """

    text: str
    source: str
    external_id: str
    revision: str = ""
    origin: Origin = Origin.PIPELINE
    reports: Sequence[Report] = ()
    author_id: str | None = None
    context: Mapping[str, str] | None = None
    permalink: str | None = None
    posted_at: datetime | None = None

    @property
    def key(self) -> Key:
        """What it is known by."""
        return self.source, self.external_id, self.revision


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """
    What the model said of a text.

    Attributes:
        reasons: Words that moved a score; None if nobody asked for them.
    """

    scores: Mapping[str, float]
    flagged: Sequence[str]
    recommendation: Recommendation
    language: str = VIETNAMESE
    reasons: Sequence[Mapping[str, Any]] | None = None
    model_digest: str
    policy_version: str

    @classmethod
    def of(
        cls, score: ScoreOut, model_digest: str, policy_version: str, *, explained: bool
    ) -> Self:
        """Return what *score* says, as it is stored."""
        foreign = NOT_VIETNAMESE in score.abstain.values()
        reasons = [x.model_dump(mode="json") for x in score.reasons]
        return cls(
            scores={x.value: p for x, p in score.scores.items()},
            flagged=[x.value for x, is_flagged in score.flagged.items() if is_flagged],
            recommendation=score.recommendation,
            language=OTHER if foreign else VIETNAMESE,
            reasons=[x | {"text": stored(x["text"])} for x in reasons]
            if explained
            else None,
            model_digest=model_digest,
            policy_version=policy_version,
        )


@dataclass(frozen=True, slots=True)
class Prepared:
    """
    A draft with all that can be known of it without a database.

    Attributes:
        draft: As it came.
        text: As it is stored.
        text_digest: What is kept of the text when the text is gone.
        author: What is kept of its author.
        print: What it is found by among copies; None if it is too short.
        report_ids: Of its reports, in order; made up where they have none.
        chance: Drawn at random, 0 to 1: whether a person looks without any reason.
    """

    draft: Draft
    text: str
    text_digest: str
    author: str | None
    print: Print | None
    report_ids: Sequence[str]
    chance: float


@dataclass(frozen=True, slots=True)
class Accepted:
    """
    A post that is stored.

    Attributes:
        case_id: The case that it belongs to, if there is one.
        is_repeat: Whether it was there already.
        n_reports_added: How many of its reports were not known.
        opened: Whether the case is new, and this post the one to be looked at.
    """

    post_id: str
    case_id: str | None
    recommendation: str
    is_repeat: bool
    n_reports_added: int
    opened: bool


Result = Accepted | KiemtinError


def prepare(
    keyed: Keyed, drafts: Sequence[Draft], draw: Callable[[], float]
) -> list[Prepared]:
    """Return *drafts* with their fingerprints and digests."""
    return [
        Prepared(
            draft=x,
            text=stored(x.text),
            text_digest=keyed.text(x.text),
            author=keyed.author(x.source, x.author_id) if x.author_id else None,
            print=Print.of(x.text),
            report_ids=_report_ids(keyed, x.reports),
            chance=draw(),
        )
        for x in drafts
    ]


def stored(text: str) -> str:
    """Return *text* as every database keeps it: one character for one, without NUL."""
    return text.replace("\0", "\ufffd")


def _report_ids(keyed: Keyed, reports: Sequence[Report]) -> list[str]:
    """Return an id for each, which is the same when they are sent again."""
    found: list[str] = []
    seen: dict[str, int] = {}
    for x in reports:
        if x.id is not None:
            found.append(x.id)
            continue
        at = x.at.isoformat() if x.at else ""
        digest = keyed.text("\0".join(("report", x.reason, x.note or "", at)))[:32]
        seen[digest] = seen.get(digest, 0) + 1
        found.append(f"auto_{digest}_{seen[digest]}")
    return found
