"""When a post becomes a case, where that waits, and how it grows."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from kiemtin.labels import Label, Recommendation
from kiemtin.policy import SEVERITIES
from serving.db.openings import NewCase, Size
from serving.review.outcomes import Origin
from serving.review.policy import ReviewPolicy
from serving.review.priority import Priority


@dataclass(slots=True)
class Gain:
    """
    What a batch brings to a case.

    Attributes:
        n_posts: Posts that were in no case.
        n_reports: What users said of any of its posts.
        origins: How many of the posts came from where.
        asked: Who asked for posts that were there already.
    """

    n_posts: int = 0
    n_reports: int = 0
    origins: Counter[str] = field(default_factory=Counter)
    asked: set[Origin] = field(default_factory=set)

    def take(self, origin: str, n_reports: int) -> None:
        """Count a post."""
        self.n_posts += 1
        self.n_reports += n_reports
        self.origins[origin] += 1

    def count_again(self, origins: Mapping[str, int], n_reports: int) -> None:
        """Forget what was counted: all posts of the case are *origins*."""
        self.n_posts = sum(origins.values())
        self.n_reports = n_reports
        self.origins = Counter(origins)

    def added_to(self, origins: Mapping[str, int]) -> dict[str, int]:
        """Return where the posts came from, of a case that had *origins*."""
        found = Counter(origins)
        found.update(self.origins)
        for x in self.asked:
            found[x.value] = max(found[x.value], 1)
        return dict(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class Seed:
    """The post that a case is opened for."""

    case_id: str
    post_id: str
    scores: Mapping[str, float]
    flagged: Sequence[str]
    recommendation: Recommendation
    language: str
    origin: str
    author: str | None
    is_audit: bool
    chance: float


@dataclass(frozen=True, slots=True)
class Opener:
    """
    What the review policy says of new cases.

    Args:
        policy: The review policy.
        now: When they are opened.
    """

    policy: ReviewPolicy
    now: datetime

    def has_reason(
        self, flagged: Sequence[str], n_reports: int, origin: Origin
    ) -> bool:
        """Say whether a person should look at a post, of all that is known of it."""
        terms = self.policy.opening
        return (
            (terms.flagged and bool(flagged))
            or 0 < terms.reports <= n_reports
            or (terms.authority and origin is Origin.AUTHORITY)
        )

    def is_drawn(self, chance: float) -> bool:
        """Say whether a person should look without a reason, to find what is missed."""
        return chance < self.policy.opening.audit_share

    def case(self, seed: Seed, gain: Gain, cluster_id: int | None) -> NewCase:
        """Return the case for *seed*, of a cluster if it is in one."""
        label = heaviest(seed.scores, seed.flagged)
        hours = self.policy.deadline_h.of(seed.recommendation)
        priority = Priority.of(
            seed.scores[label] if label else 0.0,
            SEVERITIES[label] if label else 1,
            gain.n_posts,
            self.now + timedelta(hours=hours),
            self.policy.priority,
        )
        queue = self.policy.route(label, seed.language, seed.recommendation)
        origins = gain.added_to({})
        return NewCase(
            id=seed.case_id,
            queue=queue.name,
            label=label,
            flagged=seed.flagged,
            language=seed.language,
            origin=seed.origin,
            origins=origins,
            clocks=self._clocks({}, origins, gain.n_reports),
            post_id=seed.post_id,
            cluster_id=cluster_id,
            author=seed.author,
            n_posts=gain.n_posts,
            n_reports=gain.n_reports,
            is_audit=seed.is_audit,
            priority=_explained(priority),
            rank=priority.rank,
            chance=seed.chance,
            created_at=self.now,
            deadline_at=priority.deadline_at,
        )

    def grown(self, size: Size, gain: Gain) -> Size:
        """Return how large a case is with *gain*."""
        n_posts = size.n_posts + gain.n_posts
        n_reports = size.n_reports + gain.n_reports
        origins = gain.added_to(size.origins)
        priority = Priority.of(
            size.priority["probability"],
            size.priority["severity"],
            n_posts,
            size.deadline_at,
            self.policy.priority,
        )
        return replace(
            size,
            origins=origins,
            clocks=self._clocks(size.clocks, origins, n_reports),
            n_posts=n_posts,
            n_reports=n_reports,
            priority=_explained(priority),
            rank=priority.rank,
        )

    def _clocks(
        self, running: Mapping[str, str], origins: Mapping[str, int], n_reports: int
    ) -> dict[str, str]:
        """Return until when each origin is owed an answer; a clock starts only once."""
        terms = self.policy.clock_h
        started = dict(running)
        for origin, hours in (
            (Origin.USER_REPORT, terms.user_report),
            (Origin.AUTHORITY, terms.authority),
        ):
            asked = origin.value in origins or (
                origin is Origin.USER_REPORT and n_reports
            )
            if asked and origin.value not in started:
                due_at = self.now + timedelta(hours=hours)
                started[origin.value] = due_at.isoformat()
        return started


def heaviest(scores: Mapping[str, float], flagged: Sequence[str]) -> Label | None:
    """Return the label of most probability × severity, of the flagged ones if any are."""
    labels = [Label(x) for x in flagged or scores if x in scores]
    return max(labels, key=lambda x: scores[x] * SEVERITIES[x], default=None)


def _explained(priority: Priority) -> dict[str, float]:
    return {
        "probability": priority.probability,
        "severity": priority.severity,
        "spread": priority.spread,
    }
