"""Silences; and what keeps others quiet is found without passing over all that fires."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

INHIBITING = sa.text("status = 'firing' AND inhibits = 1")


def upgrade() -> None:
    op.create_table(
        "silences",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, autoincrement=False),
        sa.Column("matchers", sa.Text(), nullable=False),
        sa.Column("by", sa.String(200), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("origin", sa.String(40), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("starts_at", sa.BigInteger(), nullable=False),
        sa.Column("ends_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger()),
        sa.PrimaryKeyConstraint("id", name="pk_silences"),
    )
    op.create_index("ix_silences_ends_at", "silences", ["ends_at"])
    op.add_column("alerts", sa.Column("inhibits", sa.Integer(), nullable=False, server_default="0"))
    op.create_index("ix_alerts_inhibits", "alerts", ["id"], sqlite_where=INHIBITING, postgresql_where=INHIBITING)


def downgrade() -> None:
    op.execute("DELETE FROM effects WHERE kind IN ('group.mutes', 'alerts.recheck_mutes')")
    op.execute("DELETE FROM lanes WHERE name LIKE 'mutes:%' OR name LIKE 'recheck:%'")
    op.drop_index("ix_alerts_inhibits", "alerts")
    op.drop_column("alerts", "inhibits")
    op.drop_table("silences")
