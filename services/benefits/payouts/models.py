"""Payouts: the relay of one benefit to one member, from the match to the money in hand."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, DateTime, ForeignKey, Index, SmallInteger, String
from sqlmodel import Field

from services.benefits.db import Table


class State(StrEnum):
    """How far a payout is. An item that is no payout yet is `waiting` or `quarantined`."""

    MATCHED = "matched"
    """Whose it is is known; the money has not come."""
    RELEASABLE = "releasable"
    """The money is there, owed to the member."""
    RELEASED = "released"
    """Two people have released it; in cash, it waits at the counter for its code."""
    ORDERED = "ordered"
    """On a bank order that the bank has not confirmed."""
    PAID = "paid"
    FAILED = "failed"
    """The channel could not deliver it: it is owed to the member again."""
    RETURNED = "returned"
    """Given back to the State."""


class Channel(StrEnum):
    """How the money reaches the member."""

    BANK = "bank"
    CASH = "cash"


FINAL = (State.PAID, State.RETURNED)
"""Where a payout ends, but for a bank that sends paid money back."""


class Payout(Table, table=True):
    """One item's money on its way to one member, for one case.

    `attempt` counts its releases; `reason` is why it failed or went back.
    """

    __tablename__ = "payouts"
    __table_args__ = (
        CheckConstraint("amount_minor > 0", name="positive"),
        CheckConstraint(
            "state IN ('matched', 'releasable', 'released', 'ordered', 'paid', 'failed', 'returned')",
            name="state",
        ),
        CheckConstraint("channel IN ('bank', 'cash')", name="channel"),
        CheckConstraint(
            "state NOT IN ('released', 'ordered', 'paid') OR channel IS NOT NULL", name="has_channel"
        ),
        CheckConstraint("(state = 'paid') = (paid_on IS NOT NULL)", name="paid"),
        Index("ix_payouts_item_id", "item_id", unique=True),
        Index("ix_payouts_disbursement_id", "disbursement_id", "state"),
        Index("ix_payouts_member_id", "member_id"),
        Index("ix_payouts_case_id", "case_id"),
        Index("ix_payouts_state", "state"),
    )

    id: UUID = Field(primary_key=True)
    item_id: UUID = Field(sa_column_args=[ForeignKey("items.id")])
    disbursement_id: UUID = Field(sa_column_args=[ForeignKey("disbursements.id")])
    member_id: UUID
    organisation_id: UUID
    case_id: UUID = Field(sa_column_args=[ForeignKey("cases.id")])
    amount_minor: int = Field(sa_type=BigInteger)
    currency: str = Field(sa_type=String(3))
    state: str = State.MATCHED
    channel: str | None = None
    attempt: int = Field(default=0, sa_type=SmallInteger)
    matched_by: UUID | None = None
    matched_at: datetime = Field(sa_type=DateTime(timezone=True))
    releasable_on: date | None = None
    released_at: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))
    paid_on: date | None = None
    reason: str | None = None

    def waiting_days(self, today: date) -> int | None:
        """For how many days the money has waited; None before it came and once it is relayed or returned."""
        if self.releasable_on is None or self.state in FINAL:
            return None
        return (today - self.releasable_on).days
