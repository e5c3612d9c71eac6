"""Cases: what happened to one member that one agency grants a benefit for. Thin, for now."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, Index, UniqueConstraint
from sqlmodel import Field

from services.benefits.db import Table


class Case(Table, table=True):
    """One case under the agency's own number, unique for ever. Its benefit is health data: it stays here."""

    __tablename__ = "cases"
    __table_args__ = (
        UniqueConstraint("agency", "case_number"),
        CheckConstraint("until_on IS NULL OR from_on <= until_on", name="dates"),
        Index("ix_cases_member_id", "member_id"),
    )

    id: UUID = Field(primary_key=True)
    agency: str
    case_number: str
    benefit: str
    member_id: UUID
    organisation_id: UUID
    cause_on: date | None = None
    from_on: date | None = None
    until_on: date | None = None
    opened_by: UUID | None = None
    opened_at: datetime = Field(sa_type=DateTime(timezone=True))
