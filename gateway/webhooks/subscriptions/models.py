"""Tables: the endpoints that are told of events, and each delivery, one for an event and an endpoint."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    DateTime,
    ForeignKey,
    Index,
    SmallInteger,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlmodel import Field

from gateway.db import Table

DELIVERY_STATES = ("queued", "delivered", "failed")


class WebhookEndpoint(Table, table=True):
    """A system's address. `agency` limits it to that agency's events; the secret is sealed."""

    __tablename__ = "webhook_endpoints"
    __table_args__ = (CheckConstraint("state IN ('active', 'deactivated')", name="state"),)

    id: UUID = Field(primary_key=True)
    name: str
    url: str
    agency: str | None = None
    events: list[str] = Field(sa_type=ARRAY(Text))
    secret_sealed: str
    state: str = "active"
    created_at: datetime = Field(sa_type=DateTime(timezone=True))


class WebhookDelivery(Table, table=True):
    """One event for one endpoint; its id is the `webhook-id` of every attempt, replays included."""

    __tablename__ = "webhook_deliveries"
    __table_args__ = (
        CheckConstraint(f"state IN {DELIVERY_STATES}", name="state"),
        UniqueConstraint("endpoint_id", "event_id"),
        Index("ix_webhook_deliveries_due_at", "due_at", postgresql_where=text("state = 'queued'")),
    )

    id: UUID = Field(primary_key=True)
    endpoint_id: UUID = Field(sa_column_args=[ForeignKey("webhook_endpoints.id")])
    event_id: UUID
    event_name: str
    occurred_at: datetime = Field(sa_type=DateTime(timezone=True))
    data: dict[str, Any] = Field(sa_type=JSONB)
    state: str = "queued"
    started_at: datetime = Field(sa_type=DateTime(timezone=True))
    due_at: datetime = Field(sa_type=DateTime(timezone=True))
    attempt: int = Field(default=0, sa_type=SmallInteger)
    settled_at: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))
    last_answer: str | None = None
