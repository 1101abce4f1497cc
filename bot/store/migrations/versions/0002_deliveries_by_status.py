"""An index for counting and forgetting deliveries: those that were read are many, and nobody looks at them."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_deliveries_status_received_at", "deliveries", ["status", "received_at"], if_not_exists=True)


def downgrade() -> None:
    op.drop_index("ix_deliveries_status_received_at", "deliveries")
