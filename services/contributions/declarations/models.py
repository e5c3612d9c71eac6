"""Tables of declarations. Lines and those left out are frozen when they are written."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    DateTime,
    Index,
    String,
    UniqueConstraint,
    text,
)
from sqlmodel import Field

from services.contributions.db import Table
from services.kit import clock
from services.kit.db import APPEND_ONLY
from services.kit.periods import Period, PeriodType


class Declaration(Table, table=True):
    """The payroll file of one period for one agency, and how far it has come.

    At most one of a period and process stands; a void one is drawn anew. `sha256` is the file's.
    """

    __tablename__ = "declarations"
    __table_args__ = (
        CheckConstraint("state IN ('drawing', 'drawn', 'filed', 'accepted', 'void')", name="state"),
        Index(
            "ix_declarations_standing",
            "agency",
            "period",
            "process",
            unique=True,
            postgresql_where=text("state <> 'void'"),
        ),
    )

    id: UUID = Field(primary_key=True)
    agency: str
    period: Period = Field(sa_type=PeriodType)
    process: str
    scheme: str
    layout: str
    employer_number: str
    payroll_code: str
    cut_off_on: date
    statements_through: date | None = None
    state: str = "drawing"
    candidates: int = 0
    lines: int = 0
    left_out: int = 0
    total_minor: int = Field(default=0, sa_type=BigInteger)
    currency: str = Field(sa_type=String(3))
    sha256: str | None = None
    file_name: str
    last_member_id: UUID | None = None
    drawn_by: UUID
    drawn_at: datetime = Field(default_factory=clock.now, sa_type=DateTime(timezone=True))
    filed_by: UUID | None = None
    filed_at: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))
    accepted_at: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))
    acceptance_reference: str | None = None


class DeclarationLine(Table, table=True):
    """One member on a payroll: what was declared, and the frozen part of the file's line (`stem`)."""

    __tablename__ = "declaration_lines"
    __table_args__ = (
        UniqueConstraint(
            "declaration_id",
            "document_type",
            "document_number",
            name="uq_declaration_lines_document",
        ),
        Index("ix_declaration_lines_member_id", "member_id"),
        {"info": APPEND_ONLY},
    )

    declaration_id: UUID = Field(primary_key=True)
    line_number: int = Field(primary_key=True)
    member_id: UUID
    organisation_id: UUID
    charge_id: UUID
    charge_booked_on: date
    document_type: str
    document_number: str
    wage_minor: int = Field(sa_type=BigInteger)
    amount_minor: int = Field(sa_type=BigInteger)
    stem: str


class LeftOut(Table, table=True):
    """One member who was charged and is not on the payroll, with the reason."""

    __tablename__ = "left_outs"
    __table_args__ = ({"info": APPEND_ONLY},)

    declaration_id: UUID = Field(primary_key=True)
    member_id: UUID = Field(primary_key=True)
    organisation_id: UUID
    charge_id: UUID
    reason: str
    detail: str | None = None
