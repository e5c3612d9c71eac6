"""Tables: what members wrote, each SMS once by its webhook's id; and which phones want fewer messages."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, Index, UniqueConstraint
from sqlmodel import Field

from gateway.db import Table
from gateway.messages.inbound.rules import KEYWORDS


class InboundMessage(Table, table=True):
    """An SMS that came in. Its member is known if the phone is one member's alone."""

    __tablename__ = "inbound_messages"
    __table_args__ = (
        CheckConstraint(f"keyword IN {tuple(KEYWORDS)}", name="keyword"),
        UniqueConstraint("webhook_id"),
        Index("ix_inbound_messages_member_id", "member_id", "id"),
        Index("ix_inbound_messages_organisation_id", "organisation_id", "id"),
    )

    id: UUID = Field(primary_key=True)
    webhook_id: str
    phone: str
    text: str
    keyword: str | None = None
    member_id: UUID | None = None
    organisation_id: UUID | None = None
    received_at: datetime = Field(sa_type=DateTime(timezone=True))


class OptOut(Table, table=True):
    """A phone whose holder asked for fewer messages, until they ask for all again."""

    __tablename__ = "opt_outs"

    phone: str = Field(primary_key=True)
    stopped_at: datetime = Field(sa_type=DateTime(timezone=True))
    resumed_at: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))
