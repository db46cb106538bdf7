"""Posts that come to be reviewed, reports of them, and clusters of copies."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
_MOMENT = sa.DateTime(timezone=True)
_COUNTED = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make them."""
    op.create_table(
        "cluster_bands",
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.Column("cluster_id", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("value", "cluster_id", name="pk_cluster_bands"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "clusters",
        sa.Column("id", _COUNTED, nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        sa.Column("n_posts", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.String(64), nullable=True),
        sa.Column("posted_at", _MOMENT, nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_clusters"),
    )
    op.create_index("ix_clusters_created_at", "clusters", ["created_at"])
    op.create_table(
        "reports",
        sa.Column("id", _COUNTED, nullable=False),
        sa.Column("post_id", sa.String(64), nullable=False),
        sa.Column("external_id", sa.String(256), nullable=True),
        sa.Column("reason", sa.String(32), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("reported_at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_reports"),
    )
    op.create_index("ix_reports_post_id", "reports", ["post_id"])
    op.add_column("posts", sa.Column("source", sa.String(64), nullable=True))
    op.add_column("posts", sa.Column("external_id", sa.String(256), nullable=True))
    op.add_column("posts", sa.Column("revision", sa.String(64), nullable=True))
    op.add_column("posts", sa.Column("origin", sa.String(16), nullable=True))
    op.add_column("posts", sa.Column("author", sa.String(64), nullable=True))
    op.add_column("posts", sa.Column("text_digest", sa.String(64), nullable=True))
    op.add_column("posts", sa.Column("language", sa.String(8), nullable=True))
    op.add_column("posts", sa.Column("flagged", _JSON, nullable=True))
    op.add_column("posts", sa.Column("reasons", _JSON, nullable=True))
    op.add_column("posts", sa.Column("context", _JSON, nullable=True))
    op.add_column("posts", sa.Column("permalink", sa.Text(), nullable=True))
    op.add_column("posts", sa.Column("posted_at", _MOMENT, nullable=True))
    op.add_column("posts", sa.Column("cluster_id", sa.BigInteger(), nullable=True))
    op.add_column("posts", sa.Column("case_id", sa.String(64), nullable=True))
    op.add_column("posts", sa.Column("forgotten_at", _MOMENT, nullable=True))
    op.create_index("ix_posts_case_id", "posts", ["case_id"])
    op.create_index("ix_posts_cluster_id", "posts", ["cluster_id"])
    op.create_index(
        "ix_posts_kept",
        "posts",
        ["created_at"],
        sqlite_where=sa.text("forgotten_at IS NULL"),
        postgresql_where=sa.text("forgotten_at IS NULL"),
    )
    op.create_index(
        "uq_posts_source", "posts", ["source", "external_id", "revision"], unique=True
    )


def downgrade() -> None:
    """Forget them, with all that is in them."""
    op.drop_index("uq_posts_source", "posts")
    op.drop_index("ix_posts_kept", "posts")
    op.drop_index("ix_posts_cluster_id", "posts")
    op.drop_index("ix_posts_case_id", "posts")
    for column in (
        "forgotten_at",
        "case_id",
        "cluster_id",
        "posted_at",
        "permalink",
        "context",
        "reasons",
        "flagged",
        "language",
        "text_digest",
        "author",
        "origin",
        "revision",
        "external_id",
        "source",
    ):
        op.drop_column("posts", column)
    op.drop_table("reports")
    op.drop_table("clusters")
    op.drop_table("cluster_bands")
