"""What this service announces. Never what a benefit is for: only whose, how much and how far."""

from collections.abc import Sequence
from typing import ClassVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from services.kit.events import Event

CHUNK = 1_000
"""At most so many members in one event."""


class Relayed(BaseModel):
    """One payout, as others may know it."""

    model_config = ConfigDict(frozen=True, from_attributes=True)

    payout_id: UUID
    member_id: UUID
    organisation_id: UUID
    amount_minor: int
    currency: str


class RelayedBy(Relayed):
    """One payout and the channel that carried it."""

    channel: str


class BenefitReceived(Event):
    """Money has come for these members: it is theirs, matched to a case, and waits for its release."""

    name: ClassVar[str] = "benefits.benefit_received.v1"
    payouts: list[Relayed]


class PayoutReady(Event):
    """A payout waits at the counter for whoever shows the code, which only the gateway can open."""

    name: ClassVar[str] = "benefits.payout_ready.v1"
    payout_id: UUID
    member_id: UUID
    organisation_id: UUID
    amount_minor: int
    currency: str
    code_sealed: str


class PayoutPaid(Event):
    """These members have their money."""

    name: ClassVar[str] = "benefits.payout_paid.v1"
    payouts: list[RelayedBy]


class PayoutReturned(Event):
    """A payout that could not be made goes back to the State."""

    name: ClassVar[str] = "benefits.payout_returned.v1"
    payout_id: UUID
    member_id: UUID
    organisation_id: UUID
    amount_minor: int
    currency: str
    reason: str


def received(payouts: Sequence[Relayed]) -> list[Event]:
    """The announcements of these payouts' arrival, in chunks."""
    return [
        BenefitReceived(payouts=list(payouts[start : start + CHUNK]))
        for start in range(0, len(payouts), CHUNK)
    ]


def paid(payouts: Sequence[RelayedBy]) -> list[Event]:
    """The announcements that these payouts were paid, in chunks."""
    return [
        PayoutPaid(payouts=list(payouts[start : start + CHUNK])) for start in range(0, len(payouts), CHUNK)
    ]
