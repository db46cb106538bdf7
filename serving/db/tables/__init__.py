"""What is stored."""

from serving.db.tables.access import (
    IdempotentRow,
    KeyRow,
    PreferencesRow,
    SecretRow,
    SessionRow,
)
from serving.db.tables.activations import ActivationRow
from serving.db.tables.appeals import AppealRow
from serving.db.tables.audit import AuditRow
from serving.db.tables.base import Base
from serving.db.tables.cases import (
    CaseRow,
    CommentRow,
    DecisionRow,
    GoldenRow,
    LeaseRow,
)
from serving.db.tables.posts import BandRow, ClusterRow, PostRow, ReportRow
from serving.db.tables.webhooks import DeliveryRow, EndpointRow

__all__ = [
    "ActivationRow",
    "AppealRow",
    "AuditRow",
    "BandRow",
    "Base",
    "CaseRow",
    "ClusterRow",
    "CommentRow",
    "DecisionRow",
    "DeliveryRow",
    "EndpointRow",
    "GoldenRow",
    "IdempotentRow",
    "KeyRow",
    "LeaseRow",
    "PostRow",
    "PreferencesRow",
    "ReportRow",
    "SecretRow",
    "SessionRow",
]
