"""Fundings: bank lines with benefit money, as contributions announced them. Never changed."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, DateTime, Index, String
from sqlmodel import Field

from services.benefits.db import Table
from services.kit.db import APPEND_ONLY


class Funding(Table, table=True):
    """Benefit money on one bank line. Which disbursement it pays for, the disbursement says."""

    __tablename__ = "fundings"
    __table_args__ = (
        CheckConstraint("amount_minor > 0", name="positive"),
        Index("ix_fundings_bank_line_id", "bank_line_id", unique=True),
        Index("ix_fundings_reference_key", "reference_key"),
        {"info": APPEND_ONLY},
    )

    id: UUID = Field(primary_key=True)
    bank_line_id: UUID
    reference: str
    reference_key: str
    amount_minor: int = Field(sa_type=BigInteger)
    currency: str = Field(sa_type=String(3))
    value_on: date
    received_at: datetime = Field(sa_type=DateTime(timezone=True))
