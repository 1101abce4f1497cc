"""The tables. State, timeline, effects and receipts live in one database, so that one transaction can write them all.

Moments are stored as whole microseconds since 1970 (UTC): exact, the same on SQLite and PostgreSQL, and never without
a zone.
"""

from datetime import UTC, datetime, timedelta

from sqlalchemy import (
    BigInteger,
    Column,
    Dialect,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    desc,
    text,
)

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


class Instant(TypeDecorator[datetime]):
    """An aware UTC datetime as microseconds since 1970."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:  # noqa: ARG002 - SQLAlchemy's signature
        """Turn a moment into a number."""
        return None if value is None else (value - EPOCH) // MICROSECOND

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - SQLAlchemy's signature
        """Turn a number into a moment."""
        return None if value is None else EPOCH + value * MICROSECOND


metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)
# Written out: SQLite uses a partial index only when it can read the condition in the question.
FIRING = text("status = 'firing'")
WITH_KIN = text("kin <> ''")
OF_A_STORM = text("storm <> ''")
LAPSING = text("status = 'firing' AND lapses_at IS NOT NULL")
OF_A_DIGEST = text("digest <> ''")
INHIBITING = text("status = 'firing' AND inhibits = 1")
WITH_ACTIONS = text("open_actions > 0")
URGENT = text("urgent = 1 AND status = 'waiting'")
OF_COMMS = text("substr(key, 1, 6) = 'comms:'")
_BigId = BigInteger().with_variant(Integer, "sqlite")

incidents = Table(
    "incidents",
    metadata,
    Column("id", _BigId, primary_key=True, autoincrement=False),
    Column("status", String(20), nullable=False),
    Column("severity", String(10), nullable=False),
    Column("channel", String(40), unique=True),
    Column("declared_at", Instant, nullable=False),
    Column("resolved_at", Instant),
    Column("open_actions", Integer, nullable=False, server_default="0"),
    Column("body", Text, nullable=False),
    Index("ix_incidents_status_id", "status", "id"),
    Index("ix_incidents_open_actions", "id", sqlite_where=WITH_ACTIONS, postgresql_where=WITH_ACTIONS),
)
_word = Column("word", String(40).with_variant(String(40, collation="C"), "postgresql"), primary_key=True)
_whose = Column("incident", _BigId, primary_key=True, autoincrement=False, index=True)
# "C": in the order of their letters' numbers, so that what begins alike stands together.
incident_words = Table("incident_words", metadata, _word, _whose, sqlite_with_rowid=False)
timeline = Table(
    "timeline",
    metadata,
    Column("id", _BigId, primary_key=True),
    Column("incident", _BigId, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("at", Instant, nullable=False),
    Column("kind", String(40), nullable=False),
    Column("body", Text, nullable=False),
    Column("hash", String(64), nullable=False),
    UniqueConstraint("incident", "seq"),
    sqlite_autoincrement=True,
)
alerts = Table(
    "alerts",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("identity", String(40), nullable=False),
    Column("starts_at", Instant, nullable=False),
    Column("status", String(20), nullable=False),
    Column("incident", _BigId),
    Column("group_id", String(40)),
    Column("inhibits", Integer, nullable=False, server_default="0"),
    # 1 is the gravest.
    Column("grade", Integer, nullable=False, server_default="4"),
    Column("lapses_at", Instant),
    Column("kin", String(40), nullable=False, server_default=""),
    Column("body", Text, nullable=False),
    # As a group's message shows them (alerts.some_of): of thousands only those are read.
    Index("ix_alerts_group_id_status_grade", "group_id", "status", "grade", desc("starts_at"), "id"),
    Index("ix_alerts_identity_starts_at", "identity", "starts_at"),
    Index("ix_alerts_incident", "incident"),
    # Few of all that ever fired: what fires now is found without passing over the rest.
    Index("ix_alerts_firing", "starts_at", sqlite_where=FIRING, postgresql_where=FIRING),
    Index("ix_alerts_kin", "kin", "group_id", sqlite_where=WITH_KIN, postgresql_where=WITH_KIN),
    Index("ix_alerts_lapsing", "group_id", "lapses_at", sqlite_where=LAPSING, postgresql_where=LAPSING),
    Index("ix_alerts_inhibits", "id", sqlite_where=INHIBITING, postgresql_where=INHIBITING),
)
groups = Table(
    "groups",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("key", String(60), nullable=False),
    Column("number", Integer, nullable=False),
    Column("status", String(20), nullable=False),
    Column("channel", String(100), nullable=False),
    Column("firing", Integer, nullable=False),
    Column("total", Integer, nullable=False),
    Column("storm", String(40), nullable=False, server_default=""),
    # Of those that the next digest may tell of: which one.
    Column("digest", String(200), nullable=False, server_default=""),
    # 1 is the gravest.
    Column("grade", Integer, nullable=False, server_default="4"),
    Column("body", Text, nullable=False),
    # Two replicas that open the same group at once: one of them loses, and looks again.
    UniqueConstraint("key", "number"),
    Index("ix_groups_status", "status"),
    Index("ix_groups_digest", "digest", "id", sqlite_where=OF_A_DIGEST, postgresql_where=OF_A_DIGEST),
    Index("ix_groups_storm", "storm", "status", "grade", sqlite_where=OF_A_STORM, postgresql_where=OF_A_STORM),
)
storms = Table(
    "storms",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("channel", String(100), nullable=False),
    Column("number", Integer, nullable=False),
    Column("body", Text, nullable=False),
    # Two replicas in which the first group of a channel comes at once: one of them loses, and looks again.
    UniqueConstraint("channel", "number"),
)
effects = Table(
    "effects",
    metadata,
    Column("id", _BigId, primary_key=True),
    Column("kind", String(40), nullable=False),
    Column("key", String(200), nullable=False),
    Column("lane", String(100), nullable=False),
    Column("incident", _BigId),
    Column("urgency", Integer, nullable=False),
    Column("work", Text, nullable=False),
    Column("due", Instant, nullable=False),
    Column("version", Integer, nullable=False, server_default="1"),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("failures", Integer, nullable=False, server_default="0"),
    Column("first_sent_at", Instant),
    Column("last_sent_at", Instant),
    Column("quarantined_at", Instant),
    Column("error", Text),
    UniqueConstraint("kind", "key"),
    Index("ix_effects_lane_id", "lane", "id"),
    sqlite_autoincrement=True,
)
lanes = Table(
    "lanes",
    metadata,
    Column("name", String(100), primary_key=True),
    Column("track", String(20), nullable=False),
    Column("urgency", Integer, nullable=False),
    Column("next_due", Instant, nullable=False),
    Column("leased_until", Instant),
    Column("token", String(60)),
    Column("gate", String(100), nullable=False, server_default=""),
    # All that choosing needs, so that a storm's thousands of lanes are passed over without being looked up.
    Index("ix_lanes_choice", "track", "next_due", "gate", "urgency", "name", "leased_until"),
)
gates = Table(
    "gates",
    metadata,
    Column("name", String(100), primary_key=True),
    Column("opens_at", Instant, nullable=False),
)
receipts = Table(
    "receipts",
    metadata,
    Column("origin", String(40), primary_key=True),
    Column("key", String(200), primary_key=True),
    Column("at", Instant, nullable=False, index=True),
)
deliveries = Table(
    "deliveries",
    metadata,
    Column("id", _BigId, primary_key=True),
    Column("source", String(40), nullable=False),
    Column("integration", String(100), nullable=False),
    Column("received_at", Instant, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("status", String(20), nullable=False),
    Column("fault", Text),
    Column("urgent", Integer, nullable=False, server_default="0"),
    Index("ix_deliveries_source_status_id", "source", "status", "id"),
    Index("ix_deliveries_urgent", "source", "id", sqlite_where=URGENT, postgresql_where=URGENT),
    Index("ix_deliveries_status_received_at", "status", "received_at"),
    sqlite_autoincrement=True,
)
posts = Table(
    "posts",
    metadata,
    Column("key", String(200), primary_key=True),
    Column("channel", String(40), nullable=False),
    Column("ts", String(40), nullable=False),
    # Whoever hands in a link to a message means what it is about.
    Index("ix_posts_channel_ts", "channel", "ts"),
    Index("ix_posts_comms", "channel", sqlite_where=OF_COMMS, postgresql_where=OF_COMMS),
)
roster = Table(
    "roster",
    metadata,
    Column("service", String(100), primary_key=True),
    Column("users", Text, nullable=False),
)
people = Table(
    "people", metadata, Column("user", String(40), primary_key=True), Column("name", String(200), nullable=False)
)
numbers = Table(
    "numbers", metadata, Column("name", String(40), primary_key=True), Column("last", _BigId, nullable=False)
)
moments = Table(
    "moments",
    metadata,
    Column("name", String(200), primary_key=True),
    Column("at", Instant, nullable=False),
)
acts = Table(
    "acts",
    metadata,
    Column("id", _BigId, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("actor", String(200), nullable=False),
    Column("surface", String(40), nullable=False),
    Column("act", String(40), nullable=False),
    Column("what", String(80), nullable=False),
    Column("incident", _BigId),
    Column("result", String(20), nullable=False),
    Column("reason", Text, nullable=False, server_default=""),
    sqlite_autoincrement=True,
)
subscriptions = Table(
    "subscriptions",
    metadata,
    Column("user", String(40), primary_key=True),
    Column("topic", String(200), primary_key=True, index=True),
    Column("wanted", Integer, nullable=False),
)
deploys = Table(
    "deploys",
    metadata,
    Column("id", _BigId, primary_key=True),
    Column("key", String(64), nullable=False, unique=True),
    # As names are compared; `name` is how it was told.
    Column("service", String(100), nullable=False),
    Column("name", String(100), nullable=False),
    Column("version", String(200), nullable=False),
    Column("environment", String(100), nullable=False),
    Column("url", Text, nullable=False),
    Column("author", String(200), nullable=False),
    Column("at", Instant, nullable=False),
    Column("told_at", Instant, nullable=False, index=True),
    Index("ix_deploys_service_at", "service", "at"),
    sqlite_autoincrement=True,
)
silences = Table(
    "silences",
    metadata,
    Column("id", _BigId, primary_key=True, autoincrement=False),
    Column("matchers", Text, nullable=False),
    Column("by", String(200), nullable=False),
    Column("reason", Text, nullable=False),
    Column("origin", String(40), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("starts_at", Instant, nullable=False),
    Column("ends_at", Instant, nullable=False, index=True),
    Column("ended_at", Instant),
    Column("ended_by", String(200), nullable=False, server_default=""),
    Column("sender", String(160), nullable=False, server_default=""),
    Column("far_id", String(80), nullable=False, server_default=""),
    Index("ix_silences_far_id", "far_id"),
)
