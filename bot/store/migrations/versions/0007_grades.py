"""How grave an alert is stands in a column, so that a group's message names the gravest of its members first."""

import json

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

GRADES = {"critical": 1, "high": 2, "warning": 3, "unknown": 4, "info": 5}


def upgrade() -> None:
    op.add_column("alerts", sa.Column("grade", sa.Integer(), nullable=False, server_default="4"))
    connection = op.get_bind()
    alerts = sa.table("alerts", sa.column("id"), sa.column("status"), sa.column("body"), sa.column("grade"))
    firing = sa.select(alerts.c.id, alerts.c.body).where(alerts.c.status == "firing")
    for row in connection.execute(firing).all():
        grade = GRADES[json.loads(row.body)["report"]["severity"]]
        connection.execute(sa.update(alerts).where(alerts.c.id == row.id).values(grade=grade))
    op.drop_index("ix_alerts_group_id_status_starts_at", "alerts")
    op.create_index("ix_alerts_group_id_status_grade", "alerts", ["group_id", "status", "grade", "starts_at"])


def downgrade() -> None:
    op.drop_index("ix_alerts_group_id_status_grade", "alerts")
    op.create_index("ix_alerts_group_id_status_starts_at", "alerts", ["group_id", "status", "starts_at"])
    op.drop_column("alerts", "grade")
