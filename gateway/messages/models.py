"""Table: messages, one for each thing that happened and each member whom it concerns.

`facts` are the template's, without a name or a number of a document. `text`, `phone` and `language` are
settled by the first attempt: every later one posts the same. `due_at` is when the next attempt may be
made; while one is under way, when its lease ends. A one-time code stands sealed until it was sent,
and never in the text.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, ForeignKey, Index, SmallInteger, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from gateway.db import Table

STATES = ("queued", "unknown", "sent", "failed", "delivered")
"""In the order in which receipts move a message forward."""
FAILURES = ("no_contact", "no_phone", "opted_out", "expired", "refused", "unreadable", "undelivered")
"""Nobody known; no phone; asked for fewer; not taken for a day; not taken; not writable; not arrived."""


class Message(Table, table=True):
    """One SMS to one member. `resend_of` is the failed one that it repeats, as a message of its own."""

    __tablename__ = "messages"
    __table_args__ = (
        CheckConstraint(f"state IN {STATES}", name="state"),
        CheckConstraint(f"failure IN {FAILURES}", name="failure"),
        CheckConstraint("(state = 'failed') = (failure IS NOT NULL)", name="failed"),
        CheckConstraint("(state IN ('delivered', 'failed')) = (settled_at IS NOT NULL)", name="settled"),
        CheckConstraint("state NOT IN ('sent', 'delivered') OR sent_at IS NOT NULL", name="sent"),
        CheckConstraint("code_sealed IS NULL OR state = 'queued'", name="code"),
        Index(
            "uq_messages_told_once",
            "event_id",
            "template",
            "subject_id",
            unique=True,
            postgresql_where=text("resend_of IS NULL"),
        ),
        Index("uq_messages_resend_of", "resend_of", unique=True),
        Index("ix_messages_member_id", "member_id", "id"),
        Index("ix_messages_organisation_id", "organisation_id", "id"),
        Index("ix_messages_due_at", "due_at", postgresql_where=text("state = 'queued'")),
    )

    id: UUID = Field(primary_key=True)
    event_id: UUID
    template: str
    subject_id: UUID
    member_id: UUID
    organisation_id: UUID
    facts: dict[str, Any] = Field(sa_type=JSONB)
    code_sealed: str | None = None
    state: str = "queued"
    created_at: datetime = Field(sa_type=DateTime(timezone=True))
    due_at: datetime = Field(sa_type=DateTime(timezone=True))
    attempt: int = Field(default=0, sa_type=SmallInteger)
    is_calling: bool = False
    answer_lost: bool = False
    phone: str | None = None
    language: str | None = None
    text: str | None = None
    segments: int | None = Field(default=None, sa_type=SmallInteger)
    sent_at: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))
    settled_at: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))
    failure: str | None = None
    failure_detail: str | None = None
    resend_of: UUID | None = Field(default=None, sa_column_args=[ForeignKey("messages.id")])
