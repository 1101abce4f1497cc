"""Gates: what waits by the thousand for the same scarce slot is asked for only when there is one."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

CHOICE = ["track", "next_due", "gate", "urgency", "name", "leased_until"]


def upgrade() -> None:
    op.add_column("lanes", sa.Column("gate", sa.String(100), nullable=False, server_default=""))
    op.drop_index("ix_lanes_track_next_due", "lanes")
    op.create_index("ix_lanes_choice", "lanes", CHOICE)
    op.create_table(
        "gates",
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("opens_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_gates"),
    )


def downgrade() -> None:
    op.drop_table("gates")
    op.drop_index("ix_lanes_choice", "lanes")
    op.drop_column("lanes", "gate")
    op.create_index("ix_lanes_track_next_due", "lanes", ["track", "next_due"])
