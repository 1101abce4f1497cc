"""Posts can be looked up by where they stand, so that a link to a message says which alert is meant."""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_posts_channel_ts", "posts", ["channel", "ts"])


def downgrade() -> None:
    op.drop_index("ix_posts_channel_ts", "posts")
