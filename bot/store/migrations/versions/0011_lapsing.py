"""When an alert counts as over because nothing was heard of it stands in a column, for those that may."""

import sqlalchemy as sa
from alembic import op

from bot.store.tables import LAPSING

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("alerts", sa.Column("lapses_at", sa.BigInteger()))
    columns = ["group_id", "lapses_at"]
    op.create_index("ix_alerts_lapsing", "alerts", columns, sqlite_where=LAPSING, postgresql_where=LAPSING)


def downgrade() -> None:
    op.drop_index("ix_alerts_lapsing", "alerts")
    op.drop_column("alerts", "lapses_at")
