"""Tables of bank statements: the file as it came, and each of its lines, once for ever."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    DateTime,
    Index,
    SmallInteger,
    String,
    UniqueConstraint,
    func,
    text,
)
from sqlmodel import Field

from services.contributions.db import Table
from services.kit import clock


class BankStatement(Table, table=True):
    """A statement that was uploaded, with its file and how far its import has come."""

    __tablename__ = "bank_statements"
    __table_args__ = (CheckConstraint("state IN ('running', 'done', 'refused')", name="state"),)

    id: UUID = Field(primary_key=True)
    account: str
    profile: str
    currency: str = Field(sa_type=String(3))
    file_name: str
    sha256: str
    content: bytes
    booked_on: date
    state: str = "running"
    refusal: str | None = None
    first_on: date | None = None
    last_on: date | None = None
    lines_total: int = 0
    lines_done: int = 0
    lines_known: int = 0
    lines_posted: int = 0
    lines_suspense: int = 0
    lines_benefit: int = 0
    lines_outgoing: int = 0
    lines_rejected: int = 0
    uploaded_by: UUID
    uploaded_at: datetime = Field(
        default_factory=clock.now,
        sa_type=DateTime(timezone=True),
        sa_column_kwargs={"server_default": func.now()},
    )


class BankLine(Table, table=True):
    """One line of an account's statements. Two equal lines of one day differ by `occurrence`.

    `amount_minor` is positive for money in. A line is posted to a member, waits in suspense, is benefit
    money (announced, booked nowhere here), or went out (a remittance, or not yet explained).
    """

    __tablename__ = "bank_lines"
    __table_args__ = (
        UniqueConstraint("account", "fingerprint", "occurrence"),
        CheckConstraint("amount_minor <> 0", name="amount"),
        CheckConstraint(
            "state IN ('new', 'posted', 'suspense', 'settled', 'benefit', 'outgoing', 'remittance')",
            name="state",
        ),
        Index(
            "ix_bank_lines_waiting", "state", "id", postgresql_where=text("state IN ('suspense', 'outgoing')")
        ),
        Index("ix_bank_lines_statement_id", "statement_id"),
        Index("ix_bank_lines_new", "statement_id", "line_number", postgresql_where=text("state = 'new'")),
    )

    id: UUID = Field(primary_key=True)
    statement_id: UUID
    account: str
    fingerprint: bytes
    occurrence: int = Field(sa_type=SmallInteger)
    line_number: int
    value_on: date
    amount_minor: int = Field(sa_type=BigInteger)
    currency: str = Field(sa_type=String(3))
    reference: str
    description: str
    state: str = "new"
    matched_by: str | None = None
    member_id: UUID | None = None
    payment_id: UUID | None = None


class BankLineRejection(Table, table=True):
    """A line of a statement that could not be read, with what is wrong; the others went in."""

    __tablename__ = "bank_line_rejections"

    statement_id: UUID = Field(primary_key=True)
    line_number: int = Field(primary_key=True)
    column: str
    value: str
    reason: str
