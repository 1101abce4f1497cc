"""Silences that a sender has of its own, by the id that they have there."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("silences", sa.Column("sender", sa.String(160), nullable=False, server_default=""))
    op.add_column("silences", sa.Column("far_id", sa.String(80), nullable=False, server_default=""))
    op.create_index("ix_silences_far_id", "silences", ["far_id"])


def downgrade() -> None:
    op.execute("DELETE FROM effects WHERE kind = 'alerts.mirror_silence'")
    op.execute("DELETE FROM lanes WHERE name LIKE 'mirror:%'")
    # To an older version they would be silences of everybody's alerts.
    op.execute("DELETE FROM silences WHERE sender <> ''")
    op.drop_index("ix_silences_far_id", "silences")
    op.drop_column("silences", "far_id")
    op.drop_column("silences", "sender")
