"""Seals over append-only rows: a chain of SHA-256 hashes that shows any later change.

A seal covers the rows whose transaction is older than the oldest one still running, so that no row can
slip in behind it: order by `xid`, then by `id`. Its hash goes over the previous seal's hash and the rows'
text as PostgreSQL writes it. Its head is signed with a key that is not in the database, and is logged, so
that it leaves the machine with the logs.
"""

import hashlib
import hmac
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import structlog
from psycopg import sql
from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    Identity,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
    func,
    text,
)
from sqlmodel import Session

from services.kit.db import APPEND_ONLY, Xid8, metadata, raw
from services.kit.settings import kit_settings

_log = structlog.get_logger()

CRON = "* * * * * */20"
"""Every twenty seconds (the sixth field): a row can be changed unseen only until then."""

seals = Table(
    "seals",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("kind", Text, nullable=False),
    Column("sealed_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("below_xid", Xid8, nullable=False),
    Column("row_count", BigInteger, nullable=False),
    Column("previous", LargeBinary, nullable=False),
    Column("sha256", LargeBinary, nullable=False),
    Column("signature", Text, nullable=False),
    UniqueConstraint("kind", "below_xid"),
    info=APPEND_ONLY,
)


@dataclass(frozen=True, slots=True)
class Seal:
    """One link: how far it reaches, how many rows it covers, its hash."""

    below_xid: int
    row_count: int
    sha256: bytes


def seal(session: Session, table: str) -> Seal | None:
    """Seal what has settled in `table` (which has `xid` and `id`) since its last seal; None if
    nothing has.
    """
    session.execute(text("SELECT pg_advisory_xact_lock(hashtext('seal ' || :table))"), {"table": table})
    last = session.execute(
        text("SELECT below_xid::text::bigint, sha256 FROM seals WHERE kind = :kind ORDER BY id DESC LIMIT 1"),
        {"kind": table},
    ).one_or_none()
    since, previous = (int(last[0]), bytes(last[1])) if last else (0, b"")
    below = int(
        session.execute(text("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")).scalar_one()
    )
    row_count, digest = digest_rows(raw(session), table, since, below, previous)
    if row_count == 0:
        return None
    session.execute(
        text(
            "INSERT INTO seals (kind, below_xid, row_count, previous, sha256, signature)"
            " VALUES (:kind, (:below)::text::xid8, :row_count, :previous, :sha256, :signature)"
        ),
        {
            "kind": table,
            "below": str(below),
            "row_count": row_count,
            "previous": previous,
            "sha256": digest,
            "signature": sign(table, below, row_count, digest),
        },
    )
    _log.info("sealed", table=table, below_xid=below, rows=row_count, sha256=digest.hex())
    return Seal(below, row_count, digest)


def digest_rows(
    connection: Any, table: str, since_xid: int, below_xid: int, previous: bytes
) -> tuple[int, bytes]:
    """Count and chain-hash the rows with `since_xid <= xid < below_xid`, streaming them in order."""
    hashed, row_count = hashlib.sha256(previous), 0
    for line in _rows(connection, table, since_xid, below_xid):
        hashed.update(line)
        row_count += line.count(b"\n")
    return row_count, hashed.digest()


def sign(table: str, below_xid: int, row_count: int, digest: bytes) -> str:
    """HMAC-SHA256 of a seal's head with the key from the environment."""
    key = kit_settings().secret_key.get_secret_value().encode()
    head = f"{table}|{below_xid}|{row_count}|{digest.hex()}".encode()
    return hmac.new(key, head, hashlib.sha256).hexdigest()


def _rows(connection: Any, table: str, since_xid: int, below_xid: int) -> Iterator[bytes]:
    query = sql.SQL(
        "COPY (SELECT t FROM {table} t WHERE xid >= {since}::xid8 AND xid < {below}::xid8"
        " ORDER BY xid, id) TO STDOUT"
    ).format(
        table=sql.Identifier(table),
        since=sql.Literal(str(since_xid)),
        below=sql.Literal(str(below_xid)),
    )
    with connection.cursor().copy(query) as copy:
        for block in copy:
            yield bytes(block)
