"""What is critical is found among thousands of deliveries that wait."""

import sqlalchemy as sa
from alembic import op

from bot.store.tables import URGENT

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("deliveries", sa.Column("urgent", sa.Integer(), nullable=False, server_default="0"))
    columns = ["source", "id"]
    op.create_index("ix_deliveries_urgent", "deliveries", columns, sqlite_where=URGENT, postgresql_where=URGENT)


def downgrade() -> None:
    op.drop_index("ix_deliveries_urgent", "deliveries")
    op.drop_column("deliveries", "urgent")
