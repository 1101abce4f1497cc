"""INSERT … ON CONFLICT in the dialect of the database: SQLite and PostgreSQL spell it alike, SQLAlchemy does not."""

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite


def insert_into(dialect: str, table: Table) -> sqlite.Insert:
    """Return an insert that knows `on_conflict_do_update` and `on_conflict_do_nothing`."""
    if dialect == "postgresql":
        return postgresql.insert(table)  # type: ignore[return-value] # the same methods under another class
    return sqlite.insert(table)
