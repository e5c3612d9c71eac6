"""Disbursements and their items: what an agency announced, exactly as it did."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    DateTime,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    UniqueConstraint,
    text,
)
from sqlmodel import Field

from services.benefits.db import Table
from services.benefits.payouts import Payout, State


class DisbursementState(StrEnum):
    """How far the announcement is. Whether the money came is another matter: `funding_id` says it."""

    ANNOUNCED = "announced"
    COMPLETED = "completed"
    REFUSED = "refused"


class ItemState(StrEnum):
    """What became of one item; once matched, its payout says the rest."""

    WAITING = "waiting"
    MATCHED = "matched"
    QUARANTINED = "quarantined"
    RETURNED = "returned"


class Disbursement(Table, table=True):
    """Money that one agency sends at once, under its own reference, unique for ever.

    Declared first, then listed: it is complete when its items reach exactly what was declared.
    """

    __tablename__ = "disbursements"
    __table_args__ = (
        UniqueConstraint("agency", "reference"),
        CheckConstraint("state IN ('announced', 'completed', 'refused')", name="state"),
        CheckConstraint("declared_count > 0 AND declared_total_minor > 0", name="declared"),
        CheckConstraint(
            "item_count BETWEEN 0 AND declared_count AND item_total_minor BETWEEN 0 AND declared_total_minor",
            name="within_declared",
        ),
        CheckConstraint(
            "state <> 'completed'"
            " OR (item_count = declared_count AND item_total_minor = declared_total_minor)",
            name="completed",
        ),
        CheckConstraint("funding_id IS NULL OR state = 'completed'", name="funded"),
        CheckConstraint("(funding_id IS NULL) = (funded_on IS NULL)", name="funded_on"),
        Index("ix_disbursements_funding_id", "funding_id", unique=True),
        Index("ix_disbursements_bank_reference_key", "bank_reference_key"),
    )

    id: UUID = Field(primary_key=True)
    agency: str
    reference: str
    benefit: str
    currency: str = Field(sa_type=String(3))
    declared_count: int
    declared_total_minor: int = Field(sa_type=BigInteger)
    bank_reference: str
    bank_reference_key: str
    state: str = DisbursementState.ANNOUNCED
    refused_because: str | None = None
    item_count: int = 0
    item_total_minor: int = Field(default=0, sa_type=BigInteger)
    funding_id: UUID | None = Field(default=None, sa_column_args=[ForeignKey("fundings.id")])
    funded_on: date | None = None
    announced_by: UUID
    announced_at: datetime = Field(sa_type=DateTime(timezone=True))
    completed_at: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))


class Item(Table, table=True):
    """One line of a disbursement: money for one person, as the agency names them."""

    __tablename__ = "items"
    __table_args__ = (
        UniqueConstraint("disbursement_id", "reference"),
        CheckConstraint("amount_minor > 0", name="positive"),
        CheckConstraint("state IN ('waiting', 'matched', 'quarantined', 'returned')", name="state"),
        CheckConstraint("state <> 'quarantined' OR quarantined_because IS NOT NULL", name="quarantined"),
        Index(
            "ix_items_quarantined",
            "document_type",
            "document_number",
            postgresql_where=text("state = 'quarantined'"),
        ),
        Index("ix_items_case_number", "case_number"),
    )

    id: UUID = Field(primary_key=True)
    disbursement_id: UUID = Field(sa_column_args=[ForeignKey("disbursements.id")])
    reference: str
    document_type: str = Field(sa_type=String(1))
    document_number: str
    name: str | None = None
    amount_minor: int = Field(sa_type=BigInteger)
    currency: str = Field(sa_type=String(3))
    case_number: str
    from_on: date | None = None
    until_on: date | None = None
    content_hash: bytes = Field(sa_type=LargeBinary)
    state: str = ItemState.WAITING
    quarantined_because: str | None = None
    received_at: datetime = Field(sa_type=DateTime(timezone=True))


@dataclass(frozen=True, slots=True)
class Traced:
    """An item with what became of it: its disbursement, and its payout once it is matched."""

    item: Item
    disbursement: Disbursement
    payout: Payout | None

    @property
    def status(self) -> str:
        """One word for how far the item's money is."""
        if self.disbursement.state == DisbursementState.REFUSED:
            return DisbursementState.REFUSED
        return self.payout.state if self.payout else self.item.state

    @property
    def reason(self) -> str | None:
        """Why it stands still, if it does. A bank's own words are not for agencies: see the payout."""
        if self.disbursement.state == DisbursementState.REFUSED:
            return self.disbursement.refused_because
        if self.payout is None:
            return self.item.quarantined_because
        return "not-delivered" if self.payout.state == State.FAILED else self.payout.reason

    def waiting_days(self, today: date) -> int | None:
        """For how many days the money has waited; None before it came, and once it is paid or returned."""
        if self.payout is not None:
            return self.payout.waiting_days(today)
        if self.disbursement.funded_on is None or self.item.state == ItemState.RETURNED:
            return None
        return (today - self.disbursement.funded_on).days
