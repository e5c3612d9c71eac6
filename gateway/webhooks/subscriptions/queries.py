"""SQL of webhook endpoints and deliveries."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg.rows import class_row
from sqlmodel import Session, col, select

from gateway.webhooks.subscriptions.models import WebhookDelivery, WebhookEndpoint
from gateway.webhooks.subscriptions.problems import NoSuchDelivery, NoSuchEndpoint
from services.kit.db import raw


def endpoint(session: Session, id: UUID) -> WebhookEndpoint:
    """One endpoint. Raises NoSuchEndpoint."""
    found = session.get(WebhookEndpoint, id)
    if found is None:
        raise NoSuchEndpoint()
    return found


def endpoints(session: Session, *, after: UUID | None, limit: int) -> list[WebhookEndpoint]:
    """All endpoints, oldest first."""
    query = select(WebhookEndpoint).order_by(col(WebhookEndpoint.id)).limit(limit)
    if after is not None:
        query = query.where(col(WebhookEndpoint.id) > after)
    return list(session.exec(query))


def active_endpoints(session: Session) -> list[WebhookEndpoint]:
    """All that are told of events: a handful."""
    query = select(WebhookEndpoint).where(WebhookEndpoint.state == "active")
    return list(session.exec(query.order_by(col(WebhookEndpoint.id))))


def deliveries(
    session: Session, endpoint_id: UUID, *, after: UUID | None, limit: int
) -> list[WebhookDelivery]:
    """What an endpoint was told, in order."""
    query = select(WebhookDelivery).where(WebhookDelivery.endpoint_id == endpoint_id)
    if after is not None:
        query = query.where(col(WebhookDelivery.id) > after)
    return list(session.exec(query.order_by(col(WebhookDelivery.id)).limit(limit)))


def lock_delivery(session: Session, id: UUID) -> WebhookDelivery:
    """One delivery, held until the transaction ends. Raises NoSuchDelivery."""
    query = select(WebhookDelivery).where(WebhookDelivery.id == id).with_for_update()
    found = session.exec(query).one_or_none()
    if found is None:
        raise NoSuchDelivery()
    return found


@dataclass(frozen=True, slots=True)
class Due:
    """A delivery that is due, with its endpoint."""

    id: UUID
    attempt: int
    event_name: str
    occurred_at: datetime
    data: dict[str, Any]
    started_at: datetime
    url: str
    secret_sealed: str
    is_active: bool


def lock_due(session: Session, *, now: datetime, limit: int) -> list[Due]:
    """Deliveries that are due, the longest first, held until the transaction ends."""
    with raw(session).cursor(row_factory=class_row(Due)) as cursor:
        return cursor.execute(_DUE, {"now": now, "limit": limit}).fetchall()


def lease(session: Session, ids: Sequence[UUID], *, until: datetime) -> None:
    """Note that an attempt at each of these begins now."""
    raw(session).execute(
        "UPDATE webhook_deliveries SET attempt = attempt + 1, due_at = %s WHERE id = ANY(%s)",
        [until, list(ids)],
    )


@dataclass(frozen=True, slots=True)
class Settled:
    """What an attempt led to."""

    id: UUID
    attempt: int
    state: str
    due_at: datetime
    last_answer: str


def settle(session: Session, settled: Sequence[Settled], *, at: datetime) -> None:
    """Write what attempts led to; one that was overtaken changes nothing."""
    columns = {
        "ids": [one.id for one in settled],
        "attempts": [one.attempt for one in settled],
        "states": [one.state for one in settled],
        "due": [one.due_at for one in settled],
        "answers": [one.last_answer for one in settled],
        "at": at,
    }
    connection = raw(session)
    connection.execute(
        "SELECT FROM webhook_deliveries WHERE id = ANY(%(ids)s) ORDER BY id FOR UPDATE", columns
    )
    connection.execute(_SETTLE, columns)


def seconds_to_next(session: Session, *, now: datetime) -> float | None:
    """How long until a delivery is due; None if none is queued."""
    row = raw(session).execute("SELECT min(due_at) FROM webhook_deliveries WHERE state = 'queued'").fetchone()
    return None if row is None or row[0] is None else max(0.0, (row[0] - now).total_seconds())


_DUE = """
SELECT delivery.id, attempt, event_name, occurred_at, data, started_at, url, secret_sealed,
       endpoint.state = 'active' AS is_active
FROM webhook_deliveries delivery JOIN webhook_endpoints endpoint ON endpoint.id = endpoint_id
WHERE delivery.state = 'queued' AND due_at <= %(now)s
ORDER BY due_at LIMIT %(limit)s
FOR NO KEY UPDATE OF delivery SKIP LOCKED
"""

_SETTLE = """
UPDATE webhook_deliveries SET state = given.state, due_at = given.due, last_answer = given.answer,
    settled_at = CASE WHEN given.state <> 'queued' THEN %(at)s END
FROM unnest(%(ids)s::uuid[], %(attempts)s::smallint[], %(states)s::text[], %(due)s::timestamptz[],
            %(answers)s::text[]) AS given (id, attempt, state, due, answer)
WHERE webhook_deliveries.id = given.id AND webhook_deliveries.attempt = given.attempt
    AND webhook_deliveries.state = 'queued'
"""
