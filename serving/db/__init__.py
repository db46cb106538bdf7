"""The only package that knows SQLAlchemy."""

from serving.db.activations import Activation, Activations, Kind
from serving.db.appeals import Appeal, AppealFilter, Appeals
from serving.db.audit import Act, Audit, Entry
from serving.db.candidates import Candidates, Wanted
from serving.db.cases import Case, CaseFilter, Cases
from serving.db.clocks import Clocks
from serving.db.comments import Comment, Comments
from serving.db.database import Database
from serving.db.decisions import Decision, Decisions, round_of
from serving.db.deliveries import Deliveries, Delivery, Try
from serving.db.goldens import Golden, Goldens
from serving.db.idempotency import IdempotentRequests, StoredAnswer
from serving.db.judgements import AnsweredAppeal, Judgement, Judgements
from serving.db.keys import BY_ENVIRONMENT, BY_START, Keys, StoredKey
from serving.db.leases import Leases, StoredLease
from serving.db.loads import AGE_STEPS, Load, Loads
from serving.db.posts import Posts, StoredPost
from serving.db.preferences import Preferences
from serving.db.reviewed import Reviewed, ReviewedPost
from serving.db.secrets import Secrets
from serving.db.sessions import Sessions, StoredSession
from serving.db.shown import Shown, ShownPost
from serving.db.webhooks import Endpoint, Endpoints, SigningSecret
from serving.db.work import Session, Work

__all__ = [
    "AGE_STEPS",
    "BY_ENVIRONMENT",
    "BY_START",
    "Act",
    "Activation",
    "Activations",
    "AnsweredAppeal",
    "Appeal",
    "AppealFilter",
    "Appeals",
    "Audit",
    "Candidates",
    "Case",
    "CaseFilter",
    "Cases",
    "Clocks",
    "Comment",
    "Comments",
    "Database",
    "Decision",
    "Decisions",
    "Deliveries",
    "Delivery",
    "Endpoint",
    "Endpoints",
    "Entry",
    "Golden",
    "Goldens",
    "IdempotentRequests",
    "Judgement",
    "Judgements",
    "Keys",
    "Kind",
    "Leases",
    "Load",
    "Loads",
    "Posts",
    "Preferences",
    "Reviewed",
    "ReviewedPost",
    "Secrets",
    "Session",
    "Sessions",
    "Shown",
    "ShownPost",
    "SigningSecret",
    "StoredAnswer",
    "StoredKey",
    "StoredLease",
    "StoredPost",
    "StoredSession",
    "Try",
    "Wanted",
    "Work",
    "round_of",
]
