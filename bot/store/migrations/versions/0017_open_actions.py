"""How many action items of an incident are open stands in a column: few have any, and those are looked for."""

import sqlalchemy as sa
from alembic import op

from bot.store.tables import WITH_ACTIONS

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("incidents", sa.Column("open_actions", sa.Integer(), nullable=False, server_default="0"))
    op.create_index(
        "ix_incidents_open_actions", "incidents", ["id"], sqlite_where=WITH_ACTIONS, postgresql_where=WITH_ACTIONS
    )


def downgrade() -> None:
    op.drop_index("ix_incidents_open_actions", "incidents")
    op.drop_column("incidents", "open_actions")
