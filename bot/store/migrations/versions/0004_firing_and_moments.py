"""What fires now is found without passing over what is over; moments are remembered by their names."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

FIRING = sa.text("status = 'firing'")


def upgrade() -> None:
    op.create_index("ix_alerts_firing", "alerts", ["starts_at"], sqlite_where=FIRING, postgresql_where=FIRING)
    op.create_table(
        "moments",
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_moments"),
    )


def downgrade() -> None:
    op.drop_table("moments")
    op.drop_index("ix_alerts_firing", "alerts")
