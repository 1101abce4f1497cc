"""Whose communications a channel is for is found by an index: few messages are at the top of such a channel."""

from alembic import op

from bot.store.tables import OF_COMMS

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_posts_comms", "posts", ["channel"], sqlite_where=OF_COMMS, postgresql_where=OF_COMMS)


def downgrade() -> None:
    op.drop_index("ix_posts_comms", "posts")
