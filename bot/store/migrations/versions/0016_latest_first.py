"""The few alerts that a group's message shows stand first in an index: they are read without the thousands behind."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

NAME = "ix_alerts_group_id_status_grade"


def upgrade() -> None:
    op.drop_index(NAME, "alerts")
    op.create_index(NAME, "alerts", ["group_id", "status", "grade", sa.desc("starts_at"), "id"])


def downgrade() -> None:
    op.drop_index(NAME, "alerts")
    op.create_index(NAME, "alerts", ["group_id", "status", "grade", "starts_at"])
