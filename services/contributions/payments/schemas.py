"""The wire shapes of payments."""

from datetime import date
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.contributions.payments.models import Payment
from services.contributions.payments.posting import Posted
from services.kit.money import Money, PositiveMoney

State = Literal["posted", "reversed"]


class PaymentIn(BaseModel):
    """Money taken from a member."""

    model_config = ConfigDict(extra="forbid")

    member_id: UUID
    amount: PositiveMoney
    channel: Literal["cash"] = "cash"
    value_on: date | None = Field(default=None, description="The day the money came in; today if left out")
    reference: str | None = Field(
        default=None, min_length=1, max_length=64, description="Your own, once for ever"
    )


class ReceiptOut(BaseModel):
    """A receipt's number and the code by which anyone can check it."""

    number: int = Field(examples=[1024])
    check_code: str = Field(examples=["K3V7QJ2MWX5TA"])


class PaymentOut(BaseModel):
    """A payment as it was posted. `credit` is the part that nothing was due for: it stays the member's."""

    id: UUID
    member_id: UUID
    organisation_id: UUID
    amount: Money
    credit: Money
    channel: str
    value_on: date
    receipt: ReceiptOut
    state: State = "posted"

    @classmethod
    def of(cls, payment: Payment | Posted, *, state: State = "posted") -> "PaymentOut":
        return cls(
            id=payment.payment_id if isinstance(payment, Posted) else payment.id,
            member_id=payment.member_id,
            organisation_id=payment.organisation_id,
            amount=Money(payment.amount_minor, payment.currency),
            credit=Money(payment.credit_minor, payment.currency),
            channel=payment.channel,
            value_on=payment.value_on,
            receipt=ReceiptOut(number=payment.receipt_number, check_code=payment.check_code),
            state=state,
        )


class PaymentTakenOut(PaymentOut):
    """A payment just taken, with what the member still owes after it."""

    outstanding: Money

    @classmethod
    def taken(cls, posted: Posted) -> "PaymentTakenOut":
        plain = PaymentOut.of(posted)
        return cls(**dict(plain), outstanding=Money(posted.outstanding_minor, posted.currency))


class PaymentsOut(BaseModel):
    """A page of payments."""

    items: list[PaymentOut]


class ReversalIn(BaseModel):
    """Why a payment is to be undone."""

    model_config = ConfigDict(extra="forbid")

    reason: str = Field(min_length=3, max_length=500)


class CheckedReceiptOut(BaseModel):
    """What anyone who holds a receipt may know of it: no name, no member."""

    number: int
    amount: Money
    value_on: date
    state: State
