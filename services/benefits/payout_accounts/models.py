"""Where members want their money: bank accounts, encrypted at rest."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, Index, text
from sqlmodel import Field

from services.benefits.db import Table

SEALED_FOR = "payout-account"
"""The purpose under which account numbers are encrypted."""


class PayoutAccount(Table, table=True):
    """One account of one member. At most one is in force; changing it takes two people."""

    __tablename__ = "payout_accounts"
    __table_args__ = (
        CheckConstraint("state IN ('pending', 'in_force', 'replaced', 'refused')", name="state"),
        Index(
            "ix_payout_accounts_in_force",
            "member_id",
            unique=True,
            postgresql_where=text("state = 'in_force'"),
        ),
        Index("ix_payout_accounts_member_id", "member_id"),
    )

    id: UUID = Field(primary_key=True)
    member_id: UUID
    organisation_id: UUID
    holder_name: str
    bic: str
    account_sealed: str
    account_hint: str
    state: str = "pending"
    requested_by: UUID
    requested_at: datetime = Field(sa_type=DateTime(timezone=True))
    in_force_at: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))
