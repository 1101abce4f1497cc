"""Groups of alerts. The message of an alert that is there becomes that of its group, which has the alert's own id."""

import json

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "groups",
        sa.Column("id", sa.String(40), nullable=False),
        sa.Column("key", sa.String(60), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("channel", sa.String(100), nullable=False),
        sa.Column("firing", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_groups"),
        sa.UniqueConstraint("key", "number", name="uq_groups_key_number"),
    )
    op.create_index("ix_groups_status", "groups", ["status"])
    op.add_column("alerts", sa.Column("group_id", sa.String(40)))
    op.create_index("ix_alerts_group_id_status_starts_at", "alerts", ["group_id", "status", "starts_at"])
    _rename("alert", "group")
    _rewrite("slack.alert", "slack.group", "alert", "group")


def downgrade() -> None:
    op.execute("DELETE FROM effects WHERE kind IN ('group.review', 'slack.group_news')")
    op.execute("DELETE FROM lanes WHERE name LIKE 'review:%' OR name LIKE 'group_news:%'")
    _rewrite("slack.group", "slack.alert", "group", "alert")
    _rename("group", "alert")
    op.drop_index("ix_alerts_group_id_status_starts_at", "alerts")
    op.drop_column("alerts", "group_id")
    op.drop_table("groups")


def _rename(old: str, new: str) -> None:
    """Let what stands in Slack, what waits, and its lane go by another name of the same length."""
    assert len(old) == len(new)  # noqa: S101 - the rest of the name begins at the same place
    for table, column in (("posts", "key"), ("lanes", "name"), ("effects", "key"), ("effects", "lane")):
        begins = f"{column} LIKE '{old}:%'"
        op.execute(f"UPDATE {table} SET {column} = '{new}' || substr({column}, {len(old) + 1}) WHERE {begins}")  # noqa: S608 - these names alone


def _rewrite(old_kind: str, new_kind: str, old: str, new: str) -> None:
    connection = op.get_bind()
    effects = sa.table("effects", sa.column("id"), sa.column("kind"), sa.column("work"))
    waiting = connection.execute(sa.select(effects.c.id, effects.c.work).where(effects.c.kind == old_kind)).all()
    for row in waiting:
        work = json.loads(row.work)
        named = {"kind": new_kind, new: work[old], "channel": work.get("channel", "")}
        changed = sa.update(effects).where(effects.c.id == row.id)
        connection.execute(changed.values(kind=new_kind, work=json.dumps(named)))
