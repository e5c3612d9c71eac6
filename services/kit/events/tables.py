"""The five tables of messaging, which stand in every part's database beside the part's own.

`outbox` is the record of what a part announced, `outbox_head` how far it is numbered and published.
`inbox` holds the ids of the facts that took effect here, `inbox_seen` which of each producer's numbers
have arrived: as ranges, so that a month without a gap is one range. `dead_letters` holds the
messages that failed alone: `waiting` for the next try, or `dead` after the last.
"""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    Identity,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    Uuid,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import INT8MULTIRANGE

from services.kit.db import TRANSIENT, metadata

outbox = Table(
    "outbox",
    metadata,
    Column("position", BigInteger, Identity(always=True), primary_key=True),
    Column("id", Uuid, nullable=False),
    Column("name", Text, nullable=False),
    Column("occurred_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("request_id", Text, nullable=True),
    Column("data", JSON, nullable=False),
    Column("number", BigInteger, nullable=True),
    Index("ix_outbox_number", "number", unique=True, postgresql_where=text("number IS NOT NULL")),
    Index("ix_outbox_unnumbered", "position", postgresql_where=text("number IS NULL")),
    info=TRANSIENT,
)

outbox_head = Table(
    "outbox_head",
    metadata,
    Column("one", Boolean, CheckConstraint("one", name="one"), primary_key=True),
    Column("number", BigInteger, nullable=False, server_default="0"),
    Column("published", BigInteger, nullable=False, server_default="0"),
    CheckConstraint("published BETWEEN 0 AND number", name="published"),
)

inbox = Table(
    "inbox",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("applied_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Index("ix_inbox_applied_at", "applied_at", postgresql_using="brin"),
    info=TRANSIENT,
)

inbox_seen = Table(
    "inbox_seen",
    metadata,
    Column("producer", Text, primary_key=True),
    Column("numbers", INT8MULTIRANGE, nullable=False, server_default="{}"),
    Column("expired", INT8MULTIRANGE, nullable=False, server_default="{}"),
)

dead_letters = Table(
    "dead_letters",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("producer", Text, nullable=False),
    Column("number", BigInteger, nullable=True),
    Column("name", Text, nullable=False),
    Column("envelope", LargeBinary, nullable=False),
    Column("state", Text, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("error", Text, nullable=False),
    Column("error_detail", Text, nullable=False),
    Column("first_failed_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("last_failed_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("next_try_at", DateTime(timezone=True), nullable=True),
    CheckConstraint("state IN ('waiting', 'dead')", name="state"),
    CheckConstraint("(state = 'waiting') = (next_try_at IS NOT NULL)", name="next_try"),
    Index("ix_dead_letters_due", "next_try_at", postgresql_where=text("state = 'waiting'")),
    info=TRANSIENT,
)
