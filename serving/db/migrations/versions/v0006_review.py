"""Cases, who has them, and what was decided."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from serving.db.migrations.guards import let_change, only_add

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
_MOMENT = sa.DateTime(timezone=True)
_COUNTED = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make them."""
    op.create_table(
        "appeals",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("decision_id", sa.String(64), nullable=False),
        sa.Column("case_id", sa.String(64), nullable=False),
        sa.Column("post_id", sa.String(64), nullable=False),
        sa.Column("external_ref", sa.String(256), nullable=True),
        sa.Column("statement", sa.Text(), nullable=False),
        sa.Column("filed_by", sa.String(40), nullable=False),
        sa.Column("filed_at", _MOMENT, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("decided_by", sa.String(40), nullable=True),
        sa.Column("decided_at", _MOMENT, nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("reversal_id", sa.String(64), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_appeals"),
    )
    op.create_index("ix_appeals_case_id", "appeals", ["case_id"])
    op.create_index("ix_appeals_decision_id", "appeals", ["decision_id"])
    op.create_index("ix_appeals_state", "appeals", ["state", "filed_at", "id"])
    op.create_index(
        "uq_appeals_open",
        "appeals",
        ["decision_id"],
        unique=True,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_table(
        "case_comments",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("case_id", sa.String(64), nullable=False),
        sa.Column("person", sa.String(40), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_case_comments"),
    )
    op.create_index("ix_case_comments_case_id", "case_comments", ["case_id"])
    op.create_table(
        "cases",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("stage", sa.String(16), nullable=False),
        sa.Column("queue", sa.String(64), nullable=False),
        sa.Column("label", sa.String(16), nullable=True),
        sa.Column("flagged", _JSON, nullable=False),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("origin", sa.String(16), nullable=False),
        sa.Column("origins", _JSON, nullable=False),
        sa.Column("clocks", _JSON, nullable=False),
        sa.Column("post_id", sa.String(64), nullable=False),
        sa.Column("cluster_id", sa.BigInteger(), nullable=True),
        sa.Column("author", sa.String(64), nullable=True),
        sa.Column("n_posts", sa.Integer(), nullable=False),
        sa.Column("n_reports", sa.Integer(), nullable=False),
        sa.Column("is_audit", sa.Boolean(), nullable=False),
        sa.Column("golden_id", sa.String(64), nullable=True),
        sa.Column("priority", _JSON, nullable=False),
        sa.Column("rank", sa.Double(), nullable=False),
        sa.Column("chance", sa.Double(), nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("deadline_at", _MOMENT, nullable=False),
        sa.Column("decided_at", _MOMENT, nullable=True),
        sa.Column("decision_id", sa.String(64), nullable=True),
        sa.Column("escalated", sa.String(32), nullable=True),
        sa.Column("holder", sa.String(40), nullable=True),
        sa.Column("lease_token", sa.Integer(), nullable=False),
        sa.Column("lease_ends_at", _MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_cases"),
    )
    op.create_index("ix_cases_created", "cases", ["created_at", "id"])
    op.create_index("ix_cases_decided_at", "cases", ["decided_at"])
    op.create_index(
        "ix_cases_golden",
        "cases",
        ["golden_id"],
        sqlite_where=sa.text("golden_id IS NOT NULL"),
        postgresql_where=sa.text("golden_id IS NOT NULL"),
    )
    op.create_index("ix_cases_holder", "cases", ["holder"])
    op.create_index(
        "ix_cases_open_chance",
        "cases",
        ["queue", "stage", "chance"],
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_index(
        "ix_cases_open_rank",
        "cases",
        ["queue", "stage", "rank"],
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_table(
        "decisions",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("case_id", sa.String(64), nullable=False),
        sa.Column("post_id", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("outcome", sa.String(16), nullable=False),
        sa.Column("labels", _JSON, nullable=False),
        sa.Column("clause", sa.String(64), nullable=True),
        sa.Column("reason_code", sa.String(64), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("stage", sa.String(16), nullable=False),
        sa.Column("is_final", sa.Boolean(), nullable=False),
        sa.Column("is_blind", sa.Boolean(), nullable=False),
        sa.Column("reverses", sa.String(64), nullable=True),
        sa.Column("person", sa.String(40), nullable=False),
        sa.Column("lease_token", sa.Integer(), nullable=True),
        sa.Column("n_posts", sa.Integer(), nullable=False),
        sa.Column("text_digest", sa.String(64), nullable=False),
        sa.Column("model_digest", sa.String(128), nullable=False),
        sa.Column("policy_version", sa.String(128), nullable=False),
        sa.Column("review_policy_digest", sa.String(64), nullable=False),
        sa.Column("scores", _JSON, nullable=False),
        sa.Column("facts", _JSON, nullable=False),
        sa.Column("spent_s", sa.Double(), nullable=True),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_decisions"),
    )
    op.create_index("ix_decisions_case_id", "decisions", ["case_id"])
    op.create_index("ix_decisions_created", "decisions", ["created_at", "id"])
    op.create_index("ix_decisions_person", "decisions", ["person"])
    op.create_index("ix_decisions_reverses", "decisions", ["reverses"])
    op.create_table(
        "golden_items",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("queue", sa.String(64), nullable=False),
        sa.Column("post_id", sa.String(64), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("text_digest", sa.String(64), nullable=False),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("label", sa.String(16), nullable=True),
        sa.Column("flagged", _JSON, nullable=False),
        sa.Column("scores", _JSON, nullable=False),
        sa.Column("reasons", _JSON, nullable=False),
        sa.Column("model_digest", sa.String(128), nullable=False),
        sa.Column("policy_version", sa.String(128), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("labels", _JSON, nullable=False),
        sa.Column("made_by", sa.String(40), nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("retired_at", _MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_golden_items"),
    )
    op.create_index("ix_golden_items_queue", "golden_items", ["queue"])
    op.create_table(
        "leases",
        sa.Column("id", _COUNTED, nullable=False),
        sa.Column("case_id", sa.String(64), nullable=False),
        sa.Column("person", sa.String(40), nullable=False),
        sa.Column("token", sa.Integer(), nullable=False),
        sa.Column("author", sa.String(64), nullable=True),
        sa.Column("drawn", sa.String(16), nullable=False),
        sa.Column("is_blind", sa.Boolean(), nullable=False),
        sa.Column("taken_at", _MOMENT, nullable=False),
        sa.Column("ended_at", _MOMENT, nullable=True),
        sa.Column("ended", sa.String(16), nullable=True),
        sa.Column("reason", sa.String(32), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_leases"),
    )
    op.create_index("ix_leases_case_id", "leases", ["case_id"])
    op.create_index("ix_leases_person", "leases", ["person", "taken_at"])
    only_add(op, "decisions")


def downgrade() -> None:
    """Forget them, with all that is in them."""
    let_change(op, "decisions")
    op.drop_table("leases")
    op.drop_table("golden_items")
    op.drop_table("decisions")
    op.drop_table("cases")
    op.drop_table("case_comments")
    op.drop_table("appeals")
