"""Alembic's entry: it is handed a connection in a transaction, and never opens one of its own."""

from alembic import context

from bot.store.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    compare_type=True,
    transactional_ddl=False,  # the transaction is the caller's: all of it happens, or nothing
)
context.run_migrations()
