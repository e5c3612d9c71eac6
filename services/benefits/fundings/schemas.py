"""Fundings on the wire, and as contributions announces them."""

from datetime import date
from typing import Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from services.benefits.fundings.models import Funding
from services.kit.money import Money


class FundsReceived(BaseModel):
    """What is read of contributions.benefit_funds_received.v1."""

    bank_line_id: UUID
    reference: str
    amount_minor: int
    currency: str
    value_on: date


class AssignmentIn(BaseModel):
    """The disbursement that a bank line pays for, found by a person."""

    model_config = ConfigDict(extra="forbid")

    disbursement_id: UUID


class FundingOut(BaseModel):
    """A bank line with benefit money; without a disbursement it waits to be claimed."""

    id: UUID
    bank_line_id: UUID
    reference: str
    amount: Money
    value_on: date
    disbursement_id: UUID | None

    @classmethod
    def of(cls, funding: Funding, disbursement_id: UUID | None) -> Self:
        return cls(
            **funding.model_dump(include=set(cls.model_fields)),
            amount=Money(funding.amount_minor, funding.currency),
            disbursement_id=disbursement_id,
        )


class FundingsOut(BaseModel):
    """A page of fundings, oldest first."""

    items: list[FundingOut]
