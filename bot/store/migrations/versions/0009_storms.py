"""Storms: a row each, and which groups came with which, the gravest to be found first."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

OF_A_STORM = sa.text("storm <> ''")


def upgrade() -> None:
    op.create_table(
        "storms",
        sa.Column("id", sa.String(40), nullable=False),
        sa.Column("channel", sa.String(100), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_storms"),
        sa.UniqueConstraint("channel", "number", name="uq_storms_channel_number"),
    )
    op.add_column("groups", sa.Column("storm", sa.String(40), nullable=False, server_default=""))
    op.add_column("groups", sa.Column("grade", sa.Integer(), nullable=False, server_default="4"))
    op.create_index(
        "ix_groups_storm", "groups", ["storm", "status", "grade"],
        sqlite_where=OF_A_STORM, postgresql_where=OF_A_STORM,
    )  # fmt: skip


def downgrade() -> None:
    op.drop_index("ix_groups_storm", "groups")
    op.drop_column("groups", "grade")
    op.drop_column("groups", "storm")
    op.drop_table("storms")
