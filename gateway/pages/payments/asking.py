"""Asking contributions for a member's account, and giving it what was paid."""

from datetime import date
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel

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


async def ask_to_reverse(reader: Visit, payment_id: UUID, reason: str) -> None:
    """Ask a second person to undo a payment. Raises Refused, Unanswered."""
    await reader.api.post("contributions", f"/v1/payments/{payment_id}/reversals", {"reason": reason})
