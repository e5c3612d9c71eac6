"""Payouts on the wire. What a benefit is for is shown only to whoever may read health data."""

from datetime import date, datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import BaseModel, Field

from services.benefits.cases import Case
from services.benefits.payouts.models import Channel, Payout, State
from services.kit.money import Money

WaitingDays = Annotated[
    int | None, Field(description="Days since the money came, until it is paid or returned")
]


class PayoutOut(BaseModel):
    """A payout as it stands."""

    id: UUID
    disbursement_id: UUID
    item_id: UUID
    member_id: UUID
    organisation_id: UUID
    amount: Money
    state: State
    channel: Channel | None
    attempt: Annotated[int, Field(description="How many times it was released")]
    matched_at: datetime
    releasable_on: date | None
    released_at: datetime | None
    paid_on: date | None
    reason: Annotated[str | None, Field(description="Why it failed or went back to the State")]
    waiting_days: WaitingDays

    @classmethod
    def of(cls, payout: Payout, today: date) -> Self:
        return cls(
            **payout.model_dump(include=set(cls.model_fields)),
            amount=Money(payout.amount_minor, payout.currency),
            waiting_days=payout.waiting_days(today),
        )


class PayoutsOut(BaseModel):
    """A page of payouts."""

    items: list[PayoutOut]


class BenefitOut(BaseModel):
    """One benefit of one member."""

    payout_id: UUID
    amount: Money
    state: State
    channel: Channel | None
    benefit: Annotated[str | None, Field(description="Only for whoever may read health data")]
    from_on: date | None
    until_on: date | None
    matched_at: datetime
    releasable_on: date | None
    paid_on: date | None
    waiting_days: WaitingDays

    @classmethod
    def of(cls, payout: Payout, case: Case, *, today: date, with_health: bool) -> Self:
        return cls(
            **payout.model_dump(include=set(cls.model_fields)),
            payout_id=payout.id,
            amount=Money(payout.amount_minor, payout.currency),
            benefit=case.benefit if with_health else None,
            from_on=case.from_on if with_health else None,
            until_on=case.until_on if with_health else None,
            waiting_days=payout.waiting_days(today),
        )


class BenefitsOut(BaseModel):
    """A page of a member's benefits, oldest first."""

    member_id: UUID
    items: list[BenefitOut]
