"""HTTP face of payments: authorise, parse, call one function, present."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi import Request as HttpRequest

from services.contributions.auth import Cashier, Corrector, OtherPart, PaymentsReader
from services.contributions.books import cash
from services.contributions.db import SessionDep
from services.contributions.payments import problems, queries, reversing
from services.contributions.payments.counter import Counter
from services.contributions.payments.groups import Request
from services.contributions.payments.posting import Incoming
from services.contributions.payments.schemas import (
    CheckedReceiptOut,
    PaymentIn,
    PaymentOut,
    PaymentsOut,
    PaymentTakenOut,
    ReversalIn,
)
from services.kit import context, ids
from services.kit.approvals_api import ApprovalOut
from services.kit.idempotency import IdempotencyKey, content_hash
from services.kit.money import Money
from services.kit.paging import PageDep
from services.kit.problems import documented

router = APIRouter(tags=["payments"])


@router.post("/v1/payments", status_code=201, responses=documented(*problems.WHEN_POSTING))
async def take_payment(
    given: PaymentIn, cashier: Cashier, key: IdempotencyKey, request: HttpRequest
) -> PaymentTakenOut:
    """Take a member's money and give a receipt; the same key again answers the same payment."""
    incoming = Incoming(
        payment_id=ids.new_id(),
        member_id=given.member_id,
        amount_minor=given.amount.minor,
        currency=given.amount.currency,
        channel=given.channel,
        debit_account=cash(str(cashier.subject)),
        value_on=given.value_on,
        taken_by=cashier.subject,
        actor_kind=cashier.kind,
        reference=given.reference,
        request_id=context.request_id.get(),
    )
    counter: Counter = request.app.state.counter
    taking = Request(key, content_hash(given), incoming, cashier.roots)
    return PaymentTakenOut.taken(await counter.post(taking))


@router.get("/v1/payments", responses=documented())
def list_payments(
    member_id: Annotated[UUID, Query(description="Whose payments")],
    reader: PaymentsReader,
    page: PageDep,
    session: SessionDep,
) -> PaymentsOut:
    """A member's payments, in the order they were posted."""
    found = queries.payments_of_member(
        session, member_id, principal=reader, after=page.after, limit=page.limit
    )
    undone = queries.reversed_among(session, [one.id for one in found])
    page.link_next(found[-1].id if found else None, len(found))
    return PaymentsOut(
        items=[PaymentOut.of(one, state="reversed" if one.id in undone else "posted") for one in found]
    )


@router.get("/v1/payments/{payment_id}", responses=documented(problems.NoSuchPayment))
def read_payment(payment_id: UUID, reader: PaymentsReader, session: SessionDep) -> PaymentOut:
    """One payment."""
    found = queries.payment(session, payment_id, principal=reader)
    undone = queries.reversal(session, payment_id) is not None
    return PaymentOut.of(found, state="reversed" if undone else "posted")


@router.post(
    "/v1/payments/{payment_id}/reversals",
    status_code=202,
    responses=documented(problems.NoSuchPayment, problems.AlreadyReversed),
)
def ask_to_reverse(
    payment_id: UUID, given: ReversalIn, corrector: Corrector, session: SessionDep
) -> ApprovalOut:
    """Ask that a payment be undone; a second person decides it under `/v1/approvals`."""
    return ApprovalOut.of(reversing.ask(session, payment_id, given.reason, by=corrector))


@router.get("/v1/receipts/{check_code}", responses=documented(problems.NoSuchReceipt))
def check_receipt(check_code: str, caller: OtherPart, session: SessionDep) -> CheckedReceiptOut:
    """What a receipt is worth, for whoever holds it: amount, date and state only."""
    found = queries.payment_by_check_code(session, check_code)
    return CheckedReceiptOut(
        number=found.receipt_number,
        amount=Money(found.amount_minor, found.currency),
        value_on=found.value_on,
        state="reversed" if queries.reversal(session, found.id) else "posted",
    )
