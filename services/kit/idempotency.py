"""The second click on the button: one key, one effect.

A key is unique per (who, route, key) and is kept with a hash of the content and the id of the result,
in the transaction of the work itself. The same content again answers the same result; other content
is refused; while the first is still running the second waits two seconds, then is told so. A refusal
rolls back and keeps no key. Keys are kept 30 days.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Header, Request
from psycopg.errors import LockNotAvailable
from pydantic_core import to_json
from sqlalchemy import BigInteger, Column, DateTime, LargeBinary, Table, Text, Uuid, func, text
from sqlalchemy.exc import OperationalError
from sqlmodel import Session

from services.kit.db import TRANSIENT, metadata
from services.kit.principals import authenticate
from services.kit.problems import Invalid, Problem

__all__ = [
    "Claim",
    "IdempotencyKey",
    "Key",
    "KeyReused",
    "KeyStillRunning",
    "claim",
    "content_hash",
]

idempotency_keys = Table(
    "idempotency_keys",
    metadata,
    Column("client", Uuid, primary_key=True),
    Column("route", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("content_hash", LargeBinary, nullable=False),
    Column("result_id", Uuid, nullable=True),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=func.now(), index=True),
    info=TRANSIENT,
)


class KeyReused(Problem):
    """This Idempotency-Key was used for something else."""

    status = 422


class KeyStillRunning(Problem):
    """The first request with this Idempotency-Key is still running."""

    status = 409


@dataclass(frozen=True, slots=True)
class Key:
    """A client's key for one request: who asks, of which route, under which name."""

    client: UUID
    route: str
    key: str


async def read_key(
    request: Request,
    shown: Annotated[
        str,
        Header(
            alias="Idempotency-Key",
            description="Your own name for this request; the same name again has no second effect.",
            min_length=1,
            max_length=255,
            examples=["0199d0f2-6f6a-7c1e-9c39-6f1d1b0c7a55"],
        ),
    ],
) -> Key:
    """The key of this request, bare or quoted (RFC 9651 string); it belongs to who asks."""
    key = shown[1:-1] if len(shown) > 2 and shown[0] == shown[-1] == '"' else shown
    if not key.isascii() or not key.isprintable():
        raise Invalid("Idempotency-Key: use printable ASCII characters, for example a UUID.")
    route = f"{request.method} {request.scope['route'].path}"
    return Key((await authenticate(request)).subject, route, key)


IdempotencyKey = Annotated[Key, Depends(read_key)]
"""The key of a request that moves money or makes a person or an order. Required there."""


def content_hash(content: Any) -> bytes:
    """SHA-256 of the content's JSON: what must be equal for a repeat to be a repeat."""
    return hashlib.sha256(to_json(content)).digest()


@dataclass(frozen=True, slots=True)
class Claim:
    """A key taken in this transaction: either its first use, or `earlier` is that one's result."""

    key: Key
    earlier: UUID | None

    def keep(self, session: Session, result_id: UUID) -> None:
        """Remember what this key made. Called once, by the first use."""
        session.execute(
            text(
                "UPDATE idempotency_keys SET result_id = :result_id"
                " WHERE client = :client AND route = :route AND key = :key"
            ),
            {
                "result_id": result_id,
                "client": self.key.client,
                "route": self.key.route,
                "key": self.key.key,
            },
        )


def claim(session: Session, key: Key, *, content: Any) -> Claim:
    """Take a key before the work. Raises KeyReused, KeyStillRunning.

    The insert waits for a first use that is still running, so that there is never a second effect.
    """
    hashed = content_hash(content)
    row = {"client": key.client, "route": key.route, "key": key.key, "content_hash": hashed}
    try:
        session.execute(text("SET LOCAL lock_timeout = '2s'"))
        taken = session.execute(
            text(
                "INSERT INTO idempotency_keys (client, route, key, content_hash)"
                " VALUES (:client, :route, :key, :content_hash) ON CONFLICT DO NOTHING RETURNING true"
            ),
            row,
        ).scalar_one_or_none()
        session.execute(text("SET LOCAL lock_timeout = '10s'"))
    except OperationalError as error:
        if isinstance(error.orig, LockNotAvailable):
            raise KeyStillRunning("Wait a moment, then send the same request again.") from None
        raise
    if taken:
        return Claim(key, None)
    earlier = session.execute(
        text(
            "SELECT content_hash, result_id FROM idempotency_keys"
            " WHERE client = :client AND route = :route AND key = :key"
        ),
        row,
    ).one()
    if bytes(earlier.content_hash) != hashed:
        raise KeyReused("Use a new Idempotency-Key for another request.")
    return Claim(key, earlier.result_id)


def forget_keys(session: Session, *, older_than: datetime) -> int:
    """Remove keys older than their 30 days; returns how many."""
    gone = session.execute(
        text(
            "WITH gone AS (DELETE FROM idempotency_keys WHERE created_at < :older_than RETURNING 1)"
            " SELECT count(*) FROM gone"
        ).columns(count=BigInteger),
        {"older_than": older_than},
    )
    return int(gone.scalar_one())
