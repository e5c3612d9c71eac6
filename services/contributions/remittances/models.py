"""Tables of remittances: orders to pay the State, their return, and the mutual's own money."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, DateTime, Index, String, text
from sqlmodel import Field

from services.contributions.db import Table
from services.kit import clock
from services.kit.periods import Period, PeriodType


class Remittance(Table, table=True):
    """The mutual's payment of one notice: asked for, ordered by a second person, confirmed by the bank.

    One of a notice stands at a time. `shortfall_minor` (billed beyond what members owe) and `advance_minor`
    (owed by members on it and not paid) came out of `shortfall_account`, the mutual's own money.
    """

    __tablename__ = "remittances"
    __table_args__ = (
        CheckConstraint("state IN ('pending', 'ordered', 'confirmed', 'returned', 'refused')", name="state"),
        CheckConstraint("amount_minor > 0", name="amount"),
        CheckConstraint(
            "shortfall_minor >= 0 AND advance_minor >= 0"
            " AND (shortfall_account IS NOT NULL OR shortfall_minor + advance_minor = 0)",
            name="funded",
        ),
        CheckConstraint(
            "(bank_line_id IS NULL) = (confirmed_on IS NULL)"
            " AND (state <> 'confirmed' OR bank_line_id IS NOT NULL)",
            name="evidence",
        ),
        CheckConstraint("state IN ('pending', 'refused') = (ordered_by IS NULL)", name="ordered"),
        Index(
            "ix_remittances_standing",
            "notice_id",
            unique=True,
            postgresql_where=text("state IN ('pending', 'ordered', 'confirmed')"),
        ),
        Index("ix_remittances_bank_line_id", "bank_line_id", unique=True),
        Index("ix_remittances_ordered", "account", postgresql_where=text("state = 'ordered'")),
        Index("ix_remittances_period", "period"),
    )

    id: UUID = Field(primary_key=True)
    notice_id: UUID
    period: Period = Field(sa_type=PeriodType)
    account: str
    amount_minor: int = Field(sa_type=BigInteger)
    currency: str = Field(sa_type=String(3))
    shortfall_account: str | None = None
    shortfall_minor: int = Field(default=0, sa_type=BigInteger)
    advance_minor: int = Field(default=0, sa_type=BigInteger)
    due_on: date
    state: str = "pending"
    asked_by: UUID
    asked_at: datetime = Field(default_factory=clock.now, sa_type=DateTime(timezone=True))
    ordered_by: UUID | None = None
    ordered_at: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))
    bank_line_id: UUID | None = None
    confirmed_on: date | None = None
    matched_by: str | None = None


class RemittanceReturn(Table, table=True):
    """A remittance that came back, once: agreed on by two people, with the bank's line when there is one."""

    __tablename__ = "remittance_returns"
    __table_args__ = (
        CheckConstraint("state IN ('pending', 'returned', 'refused')", name="state"),
        CheckConstraint("(state = 'returned') = (returned_on IS NOT NULL)", name="returned"),
        Index(
            "ix_remittance_returns_standing",
            "remittance_id",
            unique=True,
            postgresql_where=text("state <> 'refused'"),
        ),
        Index(
            "ix_remittance_returns_bank_line_id",
            "bank_line_id",
            unique=True,
            postgresql_where=text("state <> 'refused'"),
        ),
    )

    id: UUID = Field(primary_key=True)
    remittance_id: UUID
    bank_line_id: UUID | None = None
    reason: str
    state: str = "pending"
    asked_by: UUID
    asked_at: datetime = Field(default_factory=clock.now, sa_type=DateTime(timezone=True))
    returned_on: date | None = None


class Funding(Table, table=True):
    """Money on a bank line that is the mutual's own: two people say so. It pays for shortfalls."""

    __tablename__ = "fundings"
    __table_args__ = (
        CheckConstraint("state IN ('pending', 'funded', 'refused')", name="state"),
        CheckConstraint("amount_minor > 0", name="amount"),
        CheckConstraint("(state = 'funded') = (funded_on IS NOT NULL)", name="funded"),
        Index(
            "ix_fundings_bank_line_id",
            "bank_line_id",
            unique=True,
            postgresql_where=text("state <> 'refused'"),
        ),
        Index("ix_fundings_account", "account", postgresql_where=text("state = 'funded'")),
    )

    id: UUID = Field(primary_key=True)
    bank_line_id: UUID
    account: str
    amount_minor: int = Field(sa_type=BigInteger)
    currency: str = Field(sa_type=String(3))
    state: str = "pending"
    asked_by: UUID
    asked_at: datetime = Field(default_factory=clock.now, sa_type=DateTime(timezone=True))
    funded_on: date | None = None
