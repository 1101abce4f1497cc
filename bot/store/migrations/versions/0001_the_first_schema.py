"""The first schema, frozen as it was: later changes are steps of their own."""

from alembic import op
from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, MetaData, String, Table, Text, UniqueConstraint

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)
_BigId = BigInteger().with_variant(Integer, "sqlite")

Table(
    "incidents",
    metadata,
    Column("id", _BigId, primary_key=True, autoincrement=False),
    Column("status", String(20), nullable=False),
    Column("severity", String(10), nullable=False),
    Column("channel", String(40), unique=True),
    Column("declared_at", BigInteger, nullable=False),
    Column("resolved_at", BigInteger),
    Column("body", Text, nullable=False),
    Index("ix_incidents_status_id", "status", "id"),
)
Table(
    "timeline",
    metadata,
    Column("id", _BigId, primary_key=True),
    Column("incident", _BigId, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("kind", String(40), nullable=False),
    Column("body", Text, nullable=False),
    Column("hash", String(64), nullable=False),
    UniqueConstraint("incident", "seq"),
    sqlite_autoincrement=True,
)
Table(
    "alerts",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("identity", String(40), nullable=False),
    Column("starts_at", BigInteger, nullable=False),
    Column("status", String(20), nullable=False),
    Column("incident", _BigId),
    Column("body", Text, nullable=False),
    Index("ix_alerts_identity_starts_at", "identity", "starts_at"),
    Index("ix_alerts_incident", "incident"),
)
Table(
    "effects",
    metadata,
    Column("id", _BigId, primary_key=True),
    Column("kind", String(40), nullable=False),
    Column("key", String(200), nullable=False),
    Column("lane", String(100), nullable=False),
    Column("incident", _BigId),
    Column("urgency", Integer, nullable=False),
    Column("work", Text, nullable=False),
    Column("due", BigInteger, nullable=False),
    Column("version", Integer, nullable=False, server_default="1"),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("failures", Integer, nullable=False, server_default="0"),
    Column("first_sent_at", BigInteger),
    Column("last_sent_at", BigInteger),
    Column("quarantined_at", BigInteger),
    Column("error", Text),
    UniqueConstraint("kind", "key"),
    Index("ix_effects_lane_id", "lane", "id"),
    sqlite_autoincrement=True,
)
Table(
    "lanes",
    metadata,
    Column("name", String(100), primary_key=True),
    Column("track", String(20), nullable=False),
    Column("urgency", Integer, nullable=False),
    Column("next_due", BigInteger, nullable=False),
    Column("leased_until", BigInteger),
    Column("token", String(60)),
    Index("ix_lanes_track_next_due", "track", "next_due"),
)
Table(
    "receipts",
    metadata,
    Column("origin", String(40), primary_key=True),
    Column("key", String(200), primary_key=True),
    Column("at", BigInteger, nullable=False, index=True),
)
Table(
    "deliveries",
    metadata,
    Column("id", _BigId, primary_key=True),
    Column("source", String(40), nullable=False),
    Column("integration", String(100), nullable=False),
    Column("received_at", BigInteger, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("status", String(20), nullable=False),
    Column("fault", Text),
    Index("ix_deliveries_source_status_id", "source", "status", "id"),
    sqlite_autoincrement=True,
)
Table(
    "posts",
    metadata,
    Column("key", String(200), primary_key=True),
    Column("channel", String(40), nullable=False),
    Column("ts", String(40), nullable=False),
)
Table(
    "roster",
    metadata,
    Column("service", String(100), primary_key=True),
    Column("users", Text, nullable=False),
)
Table(
    "people",
    metadata,
    Column("user", String(40), primary_key=True),
    Column("name", String(200), nullable=False),
)
Table(
    "numbers",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("last", _BigId, nullable=False),
)


def upgrade() -> None:
    metadata.create_all(op.get_bind())


def downgrade() -> None:
    metadata.drop_all(op.get_bind())
