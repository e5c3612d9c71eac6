"""Asking contributions for a member's account, and giving it what was paid."""

import asyncio
from datetime import date
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel

from gateway.pages.api import Unanswered
from gateway.pages.members.views import Account, OpenCharge
from gateway.pages.visits import Visit
from services.kit.money import Money
from services.kit.periods import Period


class _Charge(BaseModel):
    period: Period
    due_on: date
    total: Money
    outstanding: Money


class _Account(BaseModel):
    due: Money
    credit: Money
    charges: list[_Charge] = []


class _Receipt(BaseModel):
    number: int
    check_code: str


class Payment(BaseModel):
    """A payment as it was posted."""

    id: UUID
    member_id: UUID
    amount: Money
    credit: Money
    channel: str
    value_on: date
    receipt: _Receipt
    state: Literal["posted", "reversed"]


class Told(BaseModel):
    """An SMS to the member, and what became of it."""

    id: UUID
    subject_id: UUID
    state: Literal["queued", "sent", "delivered", "failed", "unknown"]


_RECEIPTS = ("receipt", "receipt_owing")


async def account(reader: Visit, member_id: UUID | str) -> Account:
    """What a member owes and has in credit. Raises Refused, Unanswered."""
    body = await reader.api.get("contributions", f"/v1/members/{member_id}/account")
    read = _Account.model_validate(body)
    open_charges = tuple(OpenCharge(c.period, c.due_on, c.total, c.outstanding) for c in read.charges)
    return Account(read.due, read.credit, open_charges)


async def payment(reader: Visit, payment_id: UUID) -> Payment:
    """One payment. Raises Refused, Unanswered."""
    return Payment.model_validate(await reader.api.get("contributions", f"/v1/payments/{payment_id}"))


async def payments_of(reader: Visit, member_id: UUID | str) -> list[Payment]:
    """A member's payments. Raises Refused, Unanswered."""
    body = await reader.api.get("contributions", "/v1/payments", member_id=str(member_id), limit=200)
    return [Payment.model_validate(item) for item in body["items"]]


async def take(reader: Visit, member_id: UUID, amount: Money, reference: str | None, *, key: str) -> Payment:
    """Take cash from a member; the same key again answers the same payment. Raises Refused, Unanswered."""
    given: dict[str, Any] = {
        "member_id": str(member_id),
        "amount": {"amount": amount.amount, "currency": amount.currency},
        "channel": "cash",
    }
    if reference:
        given["reference"] = reference
    return Payment.model_validate(await reader.api.post("contributions", "/v1/payments", given, key=key))


async def told_by_sms(reader: Visit, payment: Payment) -> Told | None:
    """What became of the SMS of a payment's receipt; None if there is none, or it cannot be asked."""
    if not reader.may("messages:read"):
        return None
    try:
        pages = await asyncio.gather(*(_messages(reader, payment, about) for about in _RECEIPTS))
    except Unanswered as error:
        reader.note_unanswered(error)
        return None
    mine = [one for page in pages for one in page if one.subject_id == payment.id]
    return max(mine, key=lambda one: one.id, default=None)


async def tell_again(reader: Visit, message_id: UUID) -> None:
    """Send an SMS again that failed or is not confirmed. Raises Refused, Unanswered."""
    await reader.api.post("gateway", f"/v1/messages/{message_id}/resends", {})


async def _messages(reader: Visit, payment: Payment, template: str) -> list[Told]:
    asked = {"member_id": str(payment.member_id), "template": template, "limit": 200}
    body = await reader.api.get("gateway", "/v1/messages", **asked)
    return [Told.model_validate(item) for item in body["items"]]


async def ask_to_reverse(reader: Visit, payment_id: UUID, reason: str) -> None:
    """Ask a second person to undo a payment. Raises Refused, Unanswered."""
    await reader.api.post("contributions", f"/v1/payments/{payment_id}/reversals", {"reason": reason})
