"""Returns on the wire."""

from datetime import date, datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from services.benefits.returns.models import Reason, Return
from services.kit.money import Money


class ReturnIn(BaseModel):
    """Why money goes back to the State."""

    model_config = ConfigDict(extra="forbid")

    reason: Reason


class TransferIn(BaseModel):
    """What shows that returned money left the bank."""

    model_config = ConfigDict(extra="forbid")

    bank_reference: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=64)]
    sent_on: date


class ReturnOut(BaseModel):
    """Money on its way back to the State; `sent_on` is when it left the bank."""

    id: UUID
    disbursement_id: UUID
    item_id: UUID
    payout_id: UUID | None
    amount: Money
    reason: Reason
    decided_at: datetime
    sent_reference: str | None
    sent_on: Annotated[date | None, Field(description="Empty while the money still is with the mutual")]

    @classmethod
    def of(cls, row: Return) -> Self:
        return cls(
            **row.model_dump(include=set(cls.model_fields)), amount=Money(row.amount_minor, row.currency)
        )


class ReturnsOut(BaseModel):
    """A page of returns, oldest first."""

    items: list[ReturnOut]
