"""The events that systems outside can be told of, and what they are told: never of a person."""

from datetime import date
from typing import Literal
from uuid import UUID

from pydantic import BaseModel


class DeclarationFiled(BaseModel):
    """A payroll was filed with an agency, which may fetch it."""

    declaration_id: UUID
    period: str
    agency: str
    lines: int
    total_minor: int
    currency: str
    sha256: str


class RemittancePaid(BaseModel):
    """A payment notice was paid, as the bank shows."""

    remittance_id: UUID
    notice_id: UUID
    period: str
    amount_minor: int
    currency: str


class BenefitFundsReceived(BaseModel):
    """Benefit money came from the State."""

    bank_line_id: UUID
    reference: str
    amount_minor: int
    currency: str
    value_on: date


EventName = Literal[
    "contributions.declaration_filed.v1",
    "contributions.remittance_paid.v1",
    "contributions.benefit_funds_received.v1",
]

OFFERED: dict[EventName, type[BaseModel]] = {
    "contributions.declaration_filed.v1": DeclarationFiled,
    "contributions.remittance_paid.v1": RemittancePaid,
    "contributions.benefit_funds_received.v1": BenefitFundsReceived,
}
FOR_AGENCIES: frozenset[EventName] = frozenset({"contributions.declaration_filed.v1"})
"""Those that name the agency which they concern; an agency's endpoint can ask for no others."""
