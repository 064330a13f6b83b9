"""Alembic's entry: runs the revisions on the connection that `migrations.upgrade` hands over."""

from __future__ import annotations

from alembic import context

# Imported for what it adds to the metadata.
from evenhand.data import tables, tables_alerts, tables_review, tables_whatif  # noqa: F401

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=tables.metadata,
    render_as_batch=True,
)
context.run_migrations()
