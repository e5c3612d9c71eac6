"""Tables of payments: what came in, what it settled, and what was undone. Nothing here is ever changed."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    DateTime,
    Identity,
    Index,
    SmallInteger,
    String,
    func,
    text,
)
from sqlmodel import Field

from services.contributions.db import Table
from services.kit import clock
from services.kit.db import APPEND_ONLY
from services.kit.periods import Period, PeriodType


class Payment(Table, table=True):
    """Money that came in for one member, with its receipt. (channel, reference) is unique for ever."""

    __tablename__ = "payments"
    __table_args__ = (
        CheckConstraint("amount_minor > 0", name="positive"),
        CheckConstraint("credit_minor BETWEEN 0 AND amount_minor", name="credit"),
        Index("ix_payments_member_id", "member_id"),
        Index("ix_payments_receipt_number", "receipt_number", unique=True),
        Index("ix_payments_check_code", "check_code", unique=True),
        Index(
            "ix_payments_reference",
            "channel",
            "reference",
            unique=True,
            postgresql_where=text("reference IS NOT NULL"),
        ),
        {"info": APPEND_ONLY},
    )

    id: UUID = Field(primary_key=True)
    member_id: UUID
    organisation_id: UUID
    channel: str
    reference: str | None = None
    debit_account: str
    amount_minor: int = Field(sa_type=BigInteger)
    credit_minor: int = Field(sa_type=BigInteger)
    currency: str = Field(sa_type=String(3))
    value_on: date
    booked_on: date
    receipt_number: int = Field(
        sa_type=BigInteger, sa_column_kwargs={"server_default": text("nextval('receipt_numbers')")}
    )
    check_code: str
    taken_by: UUID
    posted_at: datetime = Field(
        default_factory=clock.now,
        sa_type=DateTime(timezone=True),
        sa_column_kwargs={"server_default": func.now()},
    )


class Allocation(Table, table=True):
    """What part of a payment (or, with `source` = credit, of a credit) settled which due.

    A negative amount undoes an earlier allocation, for a reversal or a lapse.
    """

    __tablename__ = "allocations"
    __table_args__ = (
        CheckConstraint("amount_minor <> 0", name="amount"),
        Index("ix_allocations_source_id", "source_id"),
        Index("ix_allocations_member_id", "member_id", "period"),
        {"info": APPEND_ONLY},
    )

    id: int = Field(primary_key=True, sa_type=BigInteger, sa_column_args=[Identity(always=True)])
    source: str
    source_id: UUID
    member_id: UUID
    period: Period = Field(sa_type=PeriodType)
    fund: str
    sequence: int = Field(sa_type=SmallInteger)
    amount_minor: int = Field(sa_type=BigInteger)
    value_on: date
    allocated_at: datetime = Field(
        default_factory=clock.now,
        sa_type=DateTime(timezone=True),
        sa_column_kwargs={"server_default": func.now()},
    )


class PaymentReversal(Table, table=True):
    """A payment that was undone, once: by whom it was asked for, why, and in which approval."""

    __tablename__ = "payment_reversals"
    __table_args__ = ({"info": APPEND_ONLY},)

    payment_id: UUID = Field(primary_key=True)
    id: UUID
    reason: str
    debt_minor: int = Field(default=0, sa_type=BigInteger)
    approval_id: UUID
    booked_on: date
    reversed_at: datetime = Field(
        default_factory=clock.now,
        sa_type=DateTime(timezone=True),
        sa_column_kwargs={"server_default": func.now()},
    )
