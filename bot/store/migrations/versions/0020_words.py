"""What was said of incidents is found by its words; those of what is there already are written down."""

import json
import re

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

BATCH = 2000
UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")


def upgrade() -> None:
    words = op.create_table(
        "incident_words",
        sa.Column("word", sa.String(40).with_variant(sa.String(40, collation="C"), "postgresql"), nullable=False),
        sa.Column("incident", sa.BigInteger().with_variant(sa.Integer, "sqlite"), nullable=False),
        sa.PrimaryKeyConstraint("word", "incident", name="pk_incident_words"),
        sqlite_with_rowid=False,
    )
    connection, last = op.get_bind(), 0
    insert = str(sa.insert(words).compile(dialect=connection.dialect))
    there = sa.table("incidents", sa.column("id"), sa.column("body"))
    while True:
        query = sa.select(there.c.id, there.c.body).where(there.c.id > last).order_by(there.c.id).limit(BATCH)
        rows = connection.execute(query).all()
        # In the order of the primary key, and without a parameter by its name: 38 of them an incident.
        found = sorted((word, row.id) for row in rows for word in _words(json.loads(row.body)))
        if found:
            connection.exec_driver_sql(insert, found)
        if len(rows) < BATCH:
            break
        last = rows[-1].id
    op.create_index("ix_incident_words_incident", "incident_words", ["incident"])


def _words(incident: dict[str, object]) -> set[str]:
    """Return the words of an incident, as `domain/searching.py` did when this was written."""
    update, aside = incident.get("last_update"), incident.get("set_aside")
    texts = (
        incident.get("title"),
        update.get("text") if isinstance(update, dict) else "",
        incident.get("resolution"),
        aside.get("reason") if isinstance(aside, dict) else "",
    )
    found = [word for text in texts for word in re.findall(r"\w+", str(text or "").lower())]
    parts = [word[at:] for word in found if UNSPACED.search(word) for at in range(1, len(word))]
    return {word[:40] for word in (*found, *parts)}


def downgrade() -> None:
    op.drop_table("incident_words")
