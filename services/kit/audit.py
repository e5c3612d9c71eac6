"""Who did what, when, why and from where: every write, every opening of a member, every export.

Rows are append-only and are sealed in order (`kit.seals`). A row holds ids and a salted hash only; the
values that could name a person stand beside it in `audit_details` and can be erased without breaking
a seal.
"""

import hashlib
import os
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic_core import to_json
from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    Identity,
    Index,
    LargeBinary,
    Row,
    Table,
    Text,
    Uuid,
    func,
    insert,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Session

from services.kit import context
from services.kit.db import APPEND_ONLY, Xid8, metadata
from services.kit.principals import Principal

audit_log = Table(
    "audit_log",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("actor_id", Uuid, nullable=False),
    Column("actor_kind", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("subject_id", Uuid, nullable=False, index=True),
    Column("reason", Text, nullable=True),
    Column("request_id", Text, nullable=True),
    Column("origin", Text, nullable=True),
    Column("details_hash", LargeBinary, nullable=True),
    Column("xid", Xid8, nullable=False, server_default=text("pg_current_xact_id()")),
    Index("ix_audit_log_xid", "xid"),
    info=APPEND_ONLY,
)

audit_details = Table(
    "audit_details",
    metadata,
    Column("audit_id", BigInteger, primary_key=True, autoincrement=False),
    Column("salt", LargeBinary, nullable=False),
    Column("details", JSONB, nullable=True),
)

SYSTEM = UUID(int=0)
"""The actor of what the software does by itself: jobs, consumers."""


def write(
    session: Session,
    action: str,
    subject_id: UUID,
    *,
    by: Principal | None,
    reason: str | None = None,
    details: dict[str, Any] | None = None,
) -> None:
    """Note that `by` (None: the software itself) did `action` (`members.open`) to `subject_id`."""
    salt = os.urandom(16) if details is not None else None
    row = {
        "actor_id": by.subject if by else SYSTEM,
        "actor_kind": by.kind if by else "system",
        "action": action,
        "subject_id": subject_id,
        "reason": reason,
        "request_id": context.request_id.get(),
        "origin": context.origin.get(),
        "details_hash": hashlib.sha256(salt + to_json(details)).digest() if salt else None,
    }
    audit_id = session.execute(insert(audit_log).values(row).returning(audit_log.c.id)).scalar_one()
    if salt is not None:
        session.execute(insert(audit_details).values(audit_id=audit_id, salt=salt, details=details))


def entries(
    session: Session,
    *,
    subject_id: UUID | None = None,
    before_id: int | None = None,
    limit: int = 50,
) -> list[Row[Any]]:
    """The newest audit rows first, of one subject or of all; `before_id` pages on."""
    query = select(audit_log, audit_details.c.details).outerjoin(
        audit_details, audit_details.c.audit_id == audit_log.c.id
    )
    if subject_id is not None:
        query = query.where(audit_log.c.subject_id == subject_id)
    if before_id is not None:
        query = query.where(audit_log.c.id < before_id)
    return list(session.execute(query.order_by(audit_log.c.id.desc()).limit(limit)))


def erase_details(session: Session, *, subject_id: UUID, at: datetime) -> int:
    """Forget the personal values noted about a subject; the sealed rows and their hashes stay."""
    erased = session.execute(
        text(
            "WITH erased AS (UPDATE audit_details SET details = NULL, salt = '' FROM audit_log"
            " WHERE audit_log.id = audit_details.audit_id AND audit_log.subject_id = :subject_id"
            " AND audit_log.at <= :at AND details IS NOT NULL RETURNING 1) SELECT count(*) FROM erased"
        ),
        {"subject_id": subject_id, "at": at},
    )
    return int(erased.scalar_one())
