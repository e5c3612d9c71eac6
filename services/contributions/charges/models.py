"""Tables of charging: runs, charges with their lines (never changed), and what is still due of them."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    DateTime,
    Identity,
    Index,
    Numeric,
    SmallInteger,
    String,
    UniqueConstraint,
    func,
)
from sqlmodel import Field

from services.contributions.db import Table
from services.kit import clock
from services.kit.db import APPEND_ONLY
from services.kit.periods import Period, PeriodType


class ChargeRun(Table, table=True):
    """The charging of one period: its progress, and where it goes on after a stop."""

    __tablename__ = "charge_runs"
    __table_args__ = (
        UniqueConstraint("period", "scheme"),
        CheckConstraint("state IN ('running', 'done', 'failed')", name="state"),
    )

    id: UUID = Field(primary_key=True)
    period: Period = Field(sa_type=PeriodType)
    scheme: str
    booked_on: date
    due_on: date
    state: str = "running"
    members_total: int = 0
    members_charged: int = 0
    total_minor: int = Field(default=0, sa_type=BigInteger)
    currency: str = Field(sa_type=String(3))
    last_member_id: UUID | None = None
    requested_by: UUID
    requested_at: datetime = Field(
        default_factory=clock.now,
        sa_type=DateTime(timezone=True),
        sa_column_kwargs={"server_default": func.now()},
    )
    finished_at: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))


class Charge(Table, table=True):
    """What the mutual asks of one member for one period, as computed; partitioned by booking month."""

    __tablename__ = "charges"
    __table_args__ = (Index("ix_charges_member_id", "member_id"), {"info": APPEND_ONLY})

    id: UUID = Field(primary_key=True)
    booked_on: date = Field(primary_key=True)
    run_id: UUID
    member_id: UUID
    organisation_id: UUID
    period: Period = Field(sa_type=PeriodType)
    scheme: str
    wage_minor: int = Field(sa_type=BigInteger)
    additional_dependants: int = Field(sa_type=SmallInteger)
    risk_class: str
    total_minor: int = Field(sa_type=BigInteger)
    currency: str = Field(sa_type=String(3))
    due_on: date


class ChargeLine(Table, table=True):
    """One branch and payer of a charge; partitioned by booking month."""

    __tablename__ = "charge_lines"
    __table_args__ = (Index("ix_charge_lines_charge_id", "charge_id"), {"info": APPEND_ONLY})

    id: int = Field(primary_key=True, sa_type=BigInteger, sa_column_args=[Identity(always=True)])
    booked_on: date = Field(primary_key=True)
    charge_id: UUID
    line: str
    base_minor: int = Field(sa_type=BigInteger)
    rate: Decimal | None = Field(default=None, sa_type=Numeric)
    amount_minor: int = Field(sa_type=BigInteger)


class Due(Table, table=True):
    """What one member owes to one fund for one period, and how much of it is settled.

    The key is unique for ever: a period is charged once. `sequence` counts charges made anew after a
    lapse. `settled_on` is the value date by which all was paid: filing looks at it.
    """

    __tablename__ = "dues"
    __table_args__ = (
        CheckConstraint("settled_minor BETWEEN 0 AND total_minor", name="settled"),
        CheckConstraint("state IN ('open', 'lapsed')", name="state"),
        CheckConstraint("fund IN ('contributions', 'fees')", name="fund"),
        Index("ix_dues_period", "period", "fund"),
    )

    member_id: UUID = Field(primary_key=True)
    period: Period = Field(primary_key=True, sa_type=PeriodType)
    fund: str = Field(primary_key=True)
    sequence: int = Field(default=0, primary_key=True, sa_type=SmallInteger)
    charge_id: UUID
    booked_on: date
    organisation_id: UUID
    rank: int = Field(sa_type=SmallInteger)
    total_minor: int = Field(sa_type=BigInteger)
    settled_minor: int = Field(default=0, sa_type=BigInteger)
    currency: str = Field(sa_type=String(3))
    due_on: date
    settled_on: date | None = None
    state: str = "open"
