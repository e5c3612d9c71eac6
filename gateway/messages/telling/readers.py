"""What is read of each event that members are told of."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from pydantic import AfterValidator, BaseModel

from services.kit.money import Money, decimals
from services.kit.periods import Period


def _known(currency: str) -> str:
    decimals(currency)  # raises ValueError for one that cannot be written
    return currency


Currency = Annotated[str, AfterValidator(_known)]
Month = Annotated[str, AfterValidator(lambda written: str(Period.parse(written)))]


class Concerned(BaseModel):
    """A member whom an event concerns, and the organisation that they belonged to."""

    member_id: UUID
    organisation_id: UUID


class Paid(Concerned):
    """Somebody's money."""

    amount_minor: int
    currency: Currency

    @property
    def amount(self) -> dict[str, Any]:
        return wire(self.amount_minor, self.currency)


class Enrolled(BaseModel):
    """registry.member_enrolled.v1"""

    members: list[Concerned]


class Charge(Concerned):
    charge_id: UUID
    total_minor: int
    outstanding_minor: int
    currency: Currency


class PeriodCharged(BaseModel):
    """contributions.period_charged.v1"""

    period: Month
    due_on: date
    charges: list[Charge]


class Payment(Paid):
    payment_id: UUID
    receipt_number: int
    check_code: str
    outstanding_minor: int


class PaymentPosted(BaseModel):
    """contributions.payment_posted.v1"""

    payments: list[Payment]


class PaymentReversed(Paid):
    """contributions.payment_reversed.v1"""

    payment_id: UUID
    receipt_number: int


class Lapsed(Concerned):
    charge_id: UUID
    reason: str


class ChargeLapsed(BaseModel):
    """contributions.charge_lapsed.v1"""

    period: Month
    charges: list[Lapsed]


class CoverageGranted(BaseModel):
    """contributions.coverage_granted.v1"""

    period: Month
    covered_until: date
    members: list[Concerned]


class CoverageWithdrawn(BaseModel):
    """contributions.coverage_withdrawn.v1"""

    period: Month
    members: list[Concerned]


class Payout(Paid):
    payout_id: UUID


class BenefitReceived(BaseModel):
    """benefits.benefit_received.v1"""

    payouts: list[Payout]


class PayoutReady(Payout):
    """benefits.payout_ready.v1"""

    code_sealed: str


class PayoutBy(Payout):
    channel: str


class PayoutPaid(BaseModel):
    """benefits.payout_paid.v1"""

    payouts: list[PayoutBy]


class PayoutReturned(Payout):
    """benefits.payout_returned.v1"""


def wire(minor: int, currency: str) -> dict[str, Any]:
    """An amount as a message's facts keep it."""
    return {"amount": Money(minor, currency).amount, "currency": currency}
