"""What an agency sends, and what it and the staff see of it."""

from datetime import date, datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, model_validator

from services.benefits.cases import AgencyReference, Benefit
from services.benefits.disbursements.models import Disbursement, Traced
from services.benefits.members import document_key
from services.kit.money import Money, PositiveMoney

ITEMS_MAX = 1_000
COUNT_MAX = 50_000
"""Matched in one transaction, within seconds; an agency with more announces another disbursement."""


class DisbursementIn(BaseModel):
    """What an agency declares before it lists anything."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {
                "reference": "SUB-2026-07-001",
                "benefit": "maternity",
                "declared_count": 2,
                "declared_total": {"amount": "19894.90", "currency": "DOP"},
                "bank_reference": "TRF-889911",
            }
        },
    )

    reference: AgencyReference = Field(description="Your own name for this disbursement, unique for ever")
    benefit: Benefit
    declared_count: int = Field(ge=1, le=COUNT_MAX)
    declared_total: PositiveMoney
    bank_reference: AgencyReference = Field(description="What the bank line that pays for it will carry")


def _document_number(number: str) -> str:
    key = document_key(number)
    if not 4 <= len(key) <= 25:
        raise ValueError("a document has 4 to 25 letters and digits")
    return key


class DocumentIn(BaseModel):
    """An identity document, by the registry's types: C cédula, N social security number, P passport …"""

    model_config = ConfigDict(extra="forbid")

    type: Literal["C", "N", "P", "R", "U", "O"]
    number: Annotated[str, StringConstraints(max_length=40), AfterValidator(_document_number)]


class ItemIn(BaseModel):
    """Money for one person. The case number is your own; the dates are those that the money is for."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {
                "reference": "1",
                "document": {"type": "C", "number": "99900000001"},
                "name": "Ana Prueba",
                "amount": {"amount": "9947.45", "currency": "DOP"},
                "case_number": "EXP-4711",
                "from_on": "2026-07-01",
                "until_on": "2026-07-31",
            }
        },
    )

    reference: AgencyReference = Field(description="Your own name for this item within the disbursement")
    document: DocumentIn
    name: str | None = Field(default=None, min_length=1, max_length=160)
    amount: PositiveMoney
    case_number: AgencyReference
    from_on: date | None = None
    until_on: date | None = None

    @model_validator(mode="after")
    def ensure_in_order(self) -> Self:
        if self.from_on and self.until_on and self.from_on > self.until_on:
            raise ValueError("from_on must not come after until_on")
        return self


class ItemsIn(BaseModel):
    """A batch of items. Sending it again changes nothing."""

    model_config = ConfigDict(extra="forbid")

    items: list[ItemIn] = Field(min_length=1, max_length=ITEMS_MAX)

    @model_validator(mode="after")
    def ensure_no_reference_twice(self) -> Self:
        seen: set[str] = set()
        for item in self.items:
            if item.reference in seen:
                raise ValueError(f"the reference {item.reference!r} stands twice in this batch")
            seen.add(item.reference)
        return self


class DisbursementOut(BaseModel):
    """A disbursement as it stands. `funded_on` is when the money for it was there."""

    id: UUID
    agency: str
    reference: str
    state: str
    refused_because: str | None
    declared_count: int
    declared_total: Money
    bank_reference: str
    item_count: int
    item_total: Money
    funded_on: date | None
    announced_at: datetime
    completed_at: datetime | None

    @classmethod
    def of(cls, row: Disbursement) -> Self:
        return cls(
            **row.model_dump(include=set(cls.model_fields)),
            declared_total=Money(row.declared_total_minor, row.currency),
            item_total=Money(row.item_total_minor, row.currency),
        )


class ItemsTakenOut(BaseModel):
    """What a batch did: how many items are new, how many were known, and what is there in all."""

    taken: int
    repeated: int
    item_count: int
    item_total: Money
    declared_count: int
    declared_total: Money


class ItemStatusOut(BaseModel):
    """How far one item is, for the agency: an item's state, and once it is matched, its payout's."""

    reference: str
    amount: Money
    status: str = Field(examples=["paid"])
    reason: str | None = Field(examples=["no-member"])
    paid_on: date | None

    @classmethod
    def of(cls, traced: Traced) -> Self:
        return cls(
            reference=traced.item.reference,
            amount=Money(traced.item.amount_minor, traced.item.currency),
            status=traced.status,
            reason=traced.reason,
            paid_on=traced.payout.paid_on if traced.payout else None,
        )


class CountedOut(DisbursementOut):
    """A disbursement with how many of its items stand where."""

    benefit: str | None = Field(description="For staff, only for whoever may read health data")
    counts: dict[str, int] = Field(examples=[{"paid": 41, "quarantined": 1}])


class StatusOut(CountedOut):
    """A disbursement with a page of its items (`limit`, `after`, `Link`)."""

    items: list[ItemStatusOut]


class DisbursementsOut(BaseModel):
    """A page of disbursements."""

    items: list[DisbursementOut]


class ItemOut(BaseModel):
    """An item, for the staff. The person is shown only to clerks who match by hand."""

    id: UUID
    disbursement_id: UUID
    reference: str
    document_type: str
    document_number: str = Field(examples=["…0001"])
    name: str | None
    amount: Money
    status: str
    reason: str | None
    payout_id: UUID | None
    member_id: UUID | None
    waiting_days: int | None = Field(description="Days since the money came, until paid or returned")

    @classmethod
    def of(cls, traced: Traced, *, today: date, masked: bool) -> Self:
        item, payout = traced.item, traced.payout
        return cls(
            **item.model_dump(include={"id", "disbursement_id", "reference", "document_type"}),
            document_number="…" + item.document_number[-4:] if masked else item.document_number,
            name=None if masked else item.name,
            amount=Money(item.amount_minor, item.currency),
            status=traced.status,
            reason=traced.reason,
            payout_id=payout.id if payout else None,
            member_id=payout.member_id if payout else None,
            waiting_days=traced.waiting_days(today),
        )


class ItemsOut(BaseModel):
    """A page of items."""

    items: list[ItemOut]
