"""Which groups a digest has to tell of, to be found without passing over the others."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

OF_A_DIGEST = sa.text("digest <> ''")


def upgrade() -> None:
    op.add_column("groups", sa.Column("digest", sa.String(200), nullable=False, server_default=""))
    op.create_index(
        "ix_groups_digest", "groups", ["digest", "id"], sqlite_where=OF_A_DIGEST, postgresql_where=OF_A_DIGEST
    )


def downgrade() -> None:
    op.drop_index("ix_groups_digest", "groups")
    op.drop_column("groups", "digest")
