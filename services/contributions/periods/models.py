"""Table: periods that were closed, by two people, and with what figures."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, DateTime, Index, String, text
from sqlmodel import Field

from services.contributions.db import Table
from services.kit import clock
from services.kit.periods import Period, PeriodType


class PeriodClosing(Table, table=True):
    """The closing of one period: afterwards it is neither charged nor declared any more."""

    __tablename__ = "period_closings"
    __table_args__ = (
        CheckConstraint("state IN ('pending', 'closed', 'refused')", name="state"),
        CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name="closed"),
        Index(
            "ix_period_closings_standing",
            "period",
            unique=True,
            postgresql_where=text("state <> 'refused'"),
        ),
    )

    id: UUID = Field(primary_key=True)
    period: Period = Field(sa_type=PeriodType)
    state: str = "pending"
    declared_minor: int = Field(sa_type=BigInteger)
    billed_minor: int = Field(sa_type=BigInteger)
    remitted_minor: int = Field(sa_type=BigInteger)
    currency: str = Field(sa_type=String(3))
    asked_by: UUID
    asked_at: datetime = Field(default_factory=clock.now, sa_type=DateTime(timezone=True))
    closed_by: UUID | None = None
    closed_at: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))
