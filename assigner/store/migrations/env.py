"""Run by Alembic for every command: it works on the connection that `migrate` has opened, in that transaction."""

from alembic import context

from assigner.store.tables import Table

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Table.metadata,
    render_as_batch=True,
    compare_type=True,
    user_module_prefix="tables.",
)
context.run_migrations()
