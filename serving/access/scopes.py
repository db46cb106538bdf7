"""What a key may be good for."""

from collections.abc import Iterable
from enum import StrEnum
from typing import Self


class Scope(StrEnum):
    """One thing that a key may open; ``admin`` opens all of them."""

    SCORE = "score"
    POSTS = "posts"
    INGEST = "ingest"
    REVIEW = "review"
    LEAD = "lead"
    APPEALS = "appeals"
    EXPORT = "export"
    MODELS = "models"
    METRICS = "metrics"
    ADMIN = "admin"

    @classmethod
    def known(cls, names: Iterable[str]) -> frozenset[Self]:
        """Return the scopes of *names*; one of a later version opens nothing here."""
        return frozenset(x for x in cls if x in set(names))


MEANINGS = {
    Scope.SCORE: "score posts",
    Scope.POSTS: "read stored posts",
    Scope.INGEST: "send posts to be reviewed",
    Scope.REVIEW: "claim cases and decide them",
    Scope.LEAD: "adjudicate, reverse, answer appeals, see load and agreement",
    Scope.APPEALS: "file appeals and read their answers",
    Scope.EXPORT: "read reports, statements and figures without texts",
    Scope.MODELS: "list, activate and roll back models",
    Scope.METRICS: "read the metrics",
    Scope.ADMIN: "all of these, webhooks and the audit log",
}


class Role(StrEnum):
    """A kind of person, or program, by what they do all day."""

    CLIENT = "client"
    REVIEWER = "reviewer"
    LEAD = "lead"
    SCIENTIST = "scientist"
    ADMIN = "admin"


CAPABILITIES: dict[Role, frozenset[Scope]] = {
    Role.CLIENT: frozenset({Scope.SCORE, Scope.POSTS, Scope.INGEST, Scope.APPEALS}),
    Role.REVIEWER: frozenset({Scope.SCORE, Scope.REVIEW}),
    Role.LEAD: frozenset(
        {Scope.SCORE, Scope.POSTS, Scope.REVIEW, Scope.LEAD, Scope.EXPORT}
    ),
    Role.SCIENTIST: frozenset({Scope.SCORE, Scope.MODELS, Scope.METRICS, Scope.EXPORT}),
    Role.ADMIN: frozenset({Scope.ADMIN}),
}
"""What each role opens."""
