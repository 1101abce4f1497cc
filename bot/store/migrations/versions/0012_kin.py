"""Alerts that differ in the severity alone are found by what they share."""

import sqlalchemy as sa
from alembic import op

from bot.store.tables import WITH_KIN

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("alerts", sa.Column("kin", sa.String(40), nullable=False, server_default=""))
    op.create_index("ix_alerts_kin", "alerts", ["kin", "group_id"], sqlite_where=WITH_KIN, postgresql_where=WITH_KIN)


def downgrade() -> None:
    op.drop_index("ix_alerts_kin", "alerts")
    op.drop_column("alerts", "kin")
