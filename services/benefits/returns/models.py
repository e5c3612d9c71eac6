"""Returns: benefit money that goes back to the State, and when it left."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, DateTime, ForeignKey, Index, String
from sqlmodel import Field

from services.benefits.db import Table


class Reason(StrEnum):
    """Why money goes back. Codes only: they are announced, and must name no illness."""

    NOT_A_MEMBER = "not-a-member"
    UNREACHABLE = "unreachable"
    UNCLAIMED = "unclaimed"
    DECEASED = "deceased"
    NOT_ENTITLED = "not-entitled"
    WRONG_AMOUNT = "wrong-amount"
    PAID_TWICE = "paid-twice"
    OTHER = "other"


class Return(Table, table=True):
    """One item's money, owed back to the State until the bank shows that it left."""

    __tablename__ = "returns"
    __table_args__ = (
        CheckConstraint("amount_minor > 0", name="positive"),
        CheckConstraint("(sent_reference IS NULL) = (sent_on IS NULL)", name="sent"),
        Index("ix_returns_item_id", "item_id", unique=True),
        Index("ix_returns_disbursement_id", "disbursement_id"),
    )

    id: UUID = Field(primary_key=True)
    disbursement_id: UUID = Field(sa_column_args=[ForeignKey("disbursements.id")])
    item_id: UUID = Field(sa_column_args=[ForeignKey("items.id")])
    payout_id: UUID | None = Field(default=None, sa_column_args=[ForeignKey("payouts.id")])
    amount_minor: int = Field(sa_type=BigInteger)
    currency: str = Field(sa_type=String(3))
    reason: str
    decided_by: UUID
    decided_at: datetime = Field(sa_type=DateTime(timezone=True))
    sent_reference: str | None = None
    sent_on: date | None = None
    sent_by: UUID | None = None
