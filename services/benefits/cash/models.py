"""One-time codes: whoever shows the right one at the counter gets the payout, once."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, ForeignKey, LargeBinary, SmallInteger
from sqlmodel import Field

from services.benefits.db import Table


class CashCode(Table, table=True):
    """The code of one payout: its keyed hash only. A new code takes the old one's place."""

    __tablename__ = "cash_codes"
    __table_args__ = (CheckConstraint("tries BETWEEN 0 AND 5", name="tries"),)

    payout_id: UUID = Field(primary_key=True, sa_column_args=[ForeignKey("payouts.id")])
    code_hash: bytes = Field(sa_type=LargeBinary)
    tries: int = Field(default=0, sa_type=SmallInteger)
    issued_at: datetime = Field(sa_type=DateTime(timezone=True))
    expires_on: date
    used_at: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))
