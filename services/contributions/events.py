"""What this service announces. A field may be added, never changed. Bulk events list up to 1,000."""

from datetime import date
from typing import ClassVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from services.kit.events import Event

LISTED_MAX = 1000


class Listed(BaseModel):
    """One of the things that a bulk event lists."""

    model_config = ConfigDict(frozen=True)


class ChargedMember(Listed):
    charge_id: UUID
    member_id: UUID
    organisation_id: UUID
    total_minor: int
    outstanding_minor: int
    currency: str


class PeriodCharged(Event):
    """Members were charged for a period; `outstanding_minor` is what their credit did not cover."""

    name: ClassVar[str] = "contributions.period_charged.v1"
    period: str
    due_on: date
    charges: list[ChargedMember]


class PostedPayment(Listed):
    payment_id: UUID
    member_id: UUID
    organisation_id: UUID
    amount_minor: int
    currency: str
    receipt_number: int
    check_code: str
    channel: str
    value_on: date
    outstanding_minor: int


class PaymentPosted(Event):
    """Money came in for members and has its receipts."""

    name: ClassVar[str] = "contributions.payment_posted.v1"
    payments: list[PostedPayment]


class PaymentReversed(Event):
    """A payment was undone by two people."""

    name: ClassVar[str] = "contributions.payment_reversed.v1"
    payment_id: UUID
    member_id: UUID
    organisation_id: UUID
    amount_minor: int
    currency: str
    receipt_number: int


class LapsedCharge(Listed):
    charge_id: UUID
    member_id: UUID
    organisation_id: UUID
    reason: str


class ChargeLapsed(Event):
    """Members were left out of a payroll, and owe nothing for that month."""

    name: ClassVar[str] = "contributions.charge_lapsed.v1"
    period: str
    charges: list[LapsedCharge]


class DeclarationFiled(Event):
    """A payroll was filed with the State; an agency may fetch it."""

    name: ClassVar[str] = "contributions.declaration_filed.v1"
    declaration_id: UUID
    period: str
    agency: str
    lines: int
    total_minor: int
    currency: str
    sha256: str


class RemittancePaid(Event):
    """The bank shows that a payment notice was paid."""

    name: ClassVar[str] = "contributions.remittance_paid.v1"
    remittance_id: UUID
    notice_id: UUID
    period: str
    amount_minor: int
    currency: str


class CoveredMember(Listed):
    member_id: UUID
    organisation_id: UUID


class CoverageGranted(Event):
    """The State covers these members for a month, proved by a notice that was paid."""

    name: ClassVar[str] = "contributions.coverage_granted.v1"
    period: str
    covered_until: date
    members: list[CoveredMember]


class CoverageWithdrawn(Event):
    """A remittance came back: these members' cover for a month no longer stands."""

    name: ClassVar[str] = "contributions.coverage_withdrawn.v1"
    period: str
    reason: str
    members: list[CoveredMember]


class BenefitFundsReceived(Event):
    """A bank line brought benefit money; nothing was booked for it here."""

    name: ClassVar[str] = "contributions.benefit_funds_received.v1"
    bank_line_id: UUID
    reference: str
    amount_minor: int
    currency: str
    value_on: date
