"""Run migrations on the connection that ``Database.migrate`` opened."""

from alembic import context

from serving.db.tables import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
)
context.run_migrations()
