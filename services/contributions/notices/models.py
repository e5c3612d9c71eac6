"""Tables of payment notices: the State's bill as it came, where it differs from ours, and why."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    BigInteger,
    CheckConstraint,
    DateTime,
    Index,
    LargeBinary,
    String,
    text,
)
from sqlmodel import Field

from services.contributions.db import Table
from services.kit import clock
from services.kit.db import APPEND_ONLY
from services.kit.periods import Period, PeriodType


class Notice(Table, table=True):
    """The State's bill (NP). It is authoritative; its reference is taken once for ever.

    One kept `aside` books nothing and takes no reference: the corrected one may carry the same. `branches`
    gives the order of the amounts on its lines. `declared_minor` is what of our declaration it answers,
    `shortfall_minor` what the mutual must bear of it.
    """

    __tablename__ = "notices"
    __table_args__ = (
        CheckConstraint("state IN ('aside', 'comparing', 'compared')", name="state"),
        CheckConstraint("type IN ('AM', 'AR', 'audit')", name="type"),
        CheckConstraint("(state = 'aside') = (aside_because IS NOT NULL)", name="aside"),
        CheckConstraint(
            "total_minor > 0 AND late_charge_minor >= 0 AND credits_minor >= 0 AND shortfall_minor >= 0",
            name="amounts",
        ),
        CheckConstraint(
            "state = 'aside' OR total_minor = lines_minor + late_charge_minor - credits_minor", name="total"
        ),
        Index("ix_notices_reference", "reference", unique=True, postgresql_where=text("state <> 'aside'")),
        Index(
            "ix_notices_declaration_id",
            "declaration_id",
            unique=True,
            postgresql_where=text("state <> 'aside' AND type <> 'audit'"),
        ),
        Index("ix_notices_period", "period"),
    )

    id: UUID = Field(primary_key=True)
    agency: str
    reference: str
    type: str
    declaration_id: UUID
    period: Period = Field(sa_type=PeriodType)
    issued_on: date
    due_on: date
    currency: str = Field(sa_type=String(3))
    total_minor: int = Field(sa_type=BigInteger)
    late_charge_minor: int = Field(default=0, sa_type=BigInteger)
    credits_minor: int = Field(default=0, sa_type=BigInteger)
    lines: int
    lines_minor: int = Field(sa_type=BigInteger)
    branches: list[str] = Field(sa_type=ARRAY(String))
    sha256: bytes = Field(sa_type=LargeBinary)
    state: str
    aside_because: str | None = None
    aside_detail: str | None = None
    declared_minor: int = Field(default=0, sa_type=BigInteger)
    dependants_minor: int = Field(default=0, sa_type=BigInteger)
    shortfall_minor: int = Field(default=0, sa_type=BigInteger)
    recorded_by: UUID
    recorded_at: datetime = Field(default_factory=clock.now, sa_type=DateTime(timezone=True))
    compared_at: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))


class NoticeLine(Table, table=True):
    """One person on a notice, as the State billed them; `amounts_minor` in the order of its branches."""

    __tablename__ = "notice_lines"
    __table_args__ = ({"info": APPEND_ONLY},)

    notice_id: UUID = Field(primary_key=True)
    line_number: int = Field(primary_key=True)
    document_type: str
    document_number: str
    wage_minor: int = Field(sa_type=BigInteger)
    amounts_minor: list[int] = Field(sa_type=ARRAY(BigInteger))
    amount_minor: int = Field(sa_type=BigInteger)


class Difference(Table, table=True):
    """Where billed and declared differ, for one member and branch or for the notice as a whole.

    Over a notice the amounts sum to billed − declared, always. `line_number` is the notice's line; a
    payroll line that the notice lacks has none. `open` ones wait for words.
    """

    __tablename__ = "notice_differences"
    __table_args__ = (
        CheckConstraint(
            "reason IN ('rounding', 'floor', 'missing', 'unknown', 'late_charge', 'credit', 'other')",
            name="reason",
        ),
        CheckConstraint("state IN ('open', 'explained')", name="state"),
        CheckConstraint("amount_minor <> 0 AND amount_minor = billed_minor - declared_minor", name="amount"),
        CheckConstraint("state = 'explained' OR explanation_id IS NULL", name="explained"),
        CheckConstraint(
            "reason NOT IN ('missing', 'unknown', 'other') OR state = 'open' OR explanation_id IS NOT NULL",
            name="words",
        ),
        Index("ix_notice_differences_notice_id", "notice_id", "id"),
        Index("ix_notice_differences_open", "notice_id", postgresql_where=text("state = 'open'")),
    )

    id: UUID = Field(primary_key=True)
    notice_id: UUID
    line_number: int | None = None
    member_id: UUID | None = None
    organisation_id: UUID | None = None
    charge_id: UUID | None = None
    branch: str | None = None
    reason: str
    collected_minor: int = Field(default=0, sa_type=BigInteger)
    declared_minor: int = Field(default=0, sa_type=BigInteger)
    billed_minor: int = Field(default=0, sa_type=BigInteger)
    amount_minor: int = Field(sa_type=BigInteger)
    state: str
    explanation_id: UUID | None = None


class Explanation(Table, table=True):
    """Someone's words for a notice's open differences of one reason, of one member or of all.

    What they are worth is bound when they are given; those for `other` wait for a second person.
    """

    __tablename__ = "notice_explanations"
    __table_args__ = (
        CheckConstraint("state IN ('pending', 'explained', 'refused')", name="state"),
        CheckConstraint("reason IN ('missing', 'unknown', 'other')", name="reason"),
        Index("ix_notice_explanations_notice_id", "notice_id"),
    )

    id: UUID = Field(primary_key=True)
    notice_id: UUID
    reason: str
    member_id: UUID | None = None
    words: str
    state: str = "pending"
    differences: int
    amount_minor: int = Field(sa_type=BigInteger)
    given_by: UUID
    given_at: datetime = Field(default_factory=clock.now, sa_type=DateTime(timezone=True))
