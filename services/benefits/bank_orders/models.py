"""Bank orders, their lines, and what the bank answered. Nothing here is ever changed."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, DateTime, ForeignKey, Index, LargeBinary, String
from sqlmodel import Field

from services.benefits.db import Table
from services.kit.db import APPEND_ONLY

SEALED_FOR = "bank-order"
"""The purpose under which an order's files are encrypted: they hold account numbers."""


class Outcome(StrEnum):
    """What a bank says of one line."""

    PAID = "paid"
    FAILED = "failed"
    RETURNED = "returned"
    """It was paid, and the money came back."""


class BankOrder(Table, table=True):
    """One order to the bank, with the very bytes of its two files, stored before anybody fetched them."""

    __tablename__ = "bank_orders"
    __table_args__ = (
        CheckConstraint("line_count > 0 AND total_minor > 0", name="positive"),
        Index("ix_bank_orders_disbursement_id", "disbursement_id"),
        {"info": APPEND_ONLY},
    )

    id: UUID = Field(primary_key=True)
    disbursement_id: UUID = Field(sa_column_args=[ForeignKey("disbursements.id")])
    line_count: int
    total_minor: int = Field(sa_type=BigInteger)
    currency: str = Field(sa_type=String(3))
    execute_on: date
    drawn_by: UUID
    drawn_at: datetime = Field(sa_type=DateTime(timezone=True))
    csv_sealed: str
    csv_sha256: bytes = Field(sa_type=LargeBinary)
    xml_sealed: str
    xml_sha256: bytes = Field(sa_type=LargeBinary)


class BankOrderLine(Table, table=True):
    """One payout on an order, under the reference that the bank repeats in its answer."""

    __tablename__ = "bank_order_lines"
    __table_args__ = (Index("ix_bank_order_lines_payout_id", "payout_id"), {"info": APPEND_ONLY})

    reference: str = Field(primary_key=True, sa_type=String(35))
    order_id: UUID = Field(sa_column_args=[ForeignKey("bank_orders.id")])
    payout_id: UUID = Field(sa_column_args=[ForeignKey("payouts.id")])
    amount_minor: int = Field(sa_type=BigInteger)


class Confirmation(Table, table=True):
    """What the bank said of one line, once for each outcome."""

    __tablename__ = "confirmations"
    __table_args__ = (
        CheckConstraint("outcome IN ('paid', 'failed', 'returned')", name="outcome"),
        {"info": APPEND_ONLY},
    )

    reference: str = Field(
        primary_key=True, sa_type=String(35), sa_column_args=[ForeignKey("bank_order_lines.reference")]
    )
    outcome: str = Field(primary_key=True)
    bank_reference: str | None = None
    reason: str | None = None
    value_on: date
    recorded_by: UUID
    recorded_at: datetime = Field(sa_type=DateTime(timezone=True))
