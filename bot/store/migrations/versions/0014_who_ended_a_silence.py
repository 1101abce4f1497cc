"""Who ended a silence before its time is kept."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("silences", sa.Column("ended_by", sa.String(200), nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("silences", "ended_by")
