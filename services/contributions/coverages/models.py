"""Tables of coverage: each month that the State covers a member, with the proof; and how granting goes."""

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, Index
from sqlmodel import Field

from services.contributions.db import Table
from services.kit.periods import Period, PeriodType


class Coverage(Table, table=True):
    """A member's month that a confirmed remittance paid for: once for ever, with the notice that proves it.

    Months without a row are pending, tail or none: what they are follows from the rest (`rules`).
    """

    __tablename__ = "coverages"
    __table_args__ = (
        CheckConstraint("state IN ('covered', 'withdrawn')", name="state"),
        CheckConstraint("(state = 'withdrawn') = (withdrawn_on IS NOT NULL)", name="withdrawn"),
        Index("ix_coverages_period", "period", "member_id"),
    )

    member_id: UUID = Field(primary_key=True)
    period: Period = Field(primary_key=True, sa_type=PeriodType)
    organisation_id: UUID
    notice_id: UUID
    remittance_id: UUID
    state: str = "covered"
    covered_until: date
    granted_on: date
    withdrawn_on: date | None = None
    withdrawn_because: str | None = None


class CoverageRun(Table, table=True):
    """The granting or withdrawing of what one remittance covers: its progress, resumed after a stop."""

    __tablename__ = "coverage_runs"
    __table_args__ = (
        CheckConstraint("kind IN ('grant', 'withdraw')", name="kind"),
        CheckConstraint("state IN ('running', 'done')", name="state"),
    )

    remittance_id: UUID = Field(primary_key=True)
    kind: str = Field(primary_key=True)
    state: str = "running"
    lines_total: int = 0
    lines_done: int = 0
    members: int = 0
    last_member_id: UUID | None = None
