"""Undoing a payment, by two people: its money leaves the member's account again.

What the member has as credit goes first; then allocations are undone, the newest first, so that what
later payments settled moves back to the older dues. Where a month was filed already, it is owed again:
that is the member's debt. All in one transaction, under the member's account lock.
"""

from typing import Any
from uuid import UUID

from sqlmodel import Session

from services.contributions.books import MEMBERS_CREDIT, entries, receivable, reversals
from services.contributions.events import PaymentReversed
from services.contributions.members import locked_accounts
from services.contributions.payments import problems, queries, reversal_queries, rules
from services.contributions.payments.models import Payment, PaymentReversal
from services.kit import approvals, clock, ids, ledger
from services.kit.approvals import Approval
from services.kit.db import raw
from services.kit.events import record
from services.kit.ledger import Transfer
from services.kit.money import Money
from services.kit.principals import Principal


def ask(session: Session, payment_id: UUID, reason: str, *, by: Principal) -> Approval:
    """Ask that a payment be undone; asking again answers the pending request.

    Raises NoSuchPayment, AlreadyReversed, Forbidden.
    """
    payment = queries.payment(session, payment_id, principal=by)
    _ensure_not_reversed(session, payment_id)
    facts = {
        "member_id": str(payment.member_id),
        "receipt_number": payment.receipt_number,
        "amount_minor": payment.amount_minor,
        "currency": payment.currency,
        "reason": reason,
    }
    return approvals.request(
        session, KIND, payment_id, by=by, facts=facts, organisation_id=payment.organisation_id
    )


def reverse_payment(session: Session, approval: Approval, by: Principal) -> None:
    """Undo the payment that two people agreed to undo. Raises AlreadyReversed."""
    payment = session.get_one(Payment, approval.subject_id)
    account = locked_accounts(raw(session), [payment.member_id])[payment.member_id]
    _ensure_not_reversed(session, payment.id)
    today, reversal_id = clock.business_today(session), ids.new_id()

    from_credit = min(payment.amount_minor, account.credit_minor)
    undone = reversal_queries.undo_newest(
        session,
        payment.member_id,
        payment.amount_minor - from_credit,
        source_id=reversal_id,
        value_on=today,
    )
    reversal_queries.take_credit(session, payment.member_id, from_credit)
    ledger.reverse(
        session, entries, reversals, of_source_id=payment.id, source_id=reversal_id, booked_on=today
    )
    ledger.post(
        session, entries, _corrections(session, payment, from_credit, undone, reversal_id), booked_on=today
    )
    session.add(
        PaymentReversal(
            payment_id=payment.id,
            id=reversal_id,
            reason=str(approval.facts["reason"]),
            debt_minor=sum(undone.values()),
            approval_id=approval.id,
            booked_on=today,
        )
    )
    session.flush()
    record(session, _announcement(payment))


def _corrections(
    session: Session, payment: Payment, from_credit: int, undone: dict[str, int], reversal_id: UUID
) -> list[Transfer]:
    """What the mirrored rows leave to be moved: they undo where the payment went, not where it is now."""
    went = reversal_queries.allocated_by_fund(session, payment.id)
    surplus = {
        receivable(fund): undone.get(fund, 0) - went.get(fund, 0) for fund in undone.keys() | went.keys()
    }
    surplus[MEMBERS_CREDIT] = from_credit - payment.credit_minor
    return [
        Transfer("reversal", debit, credit, Money(minor, payment.currency), reversal_id, payment.member_id)
        for debit, credit, minor in rules.settle_between(surplus)
    ]


def _ensure_not_reversed(session: Session, payment_id: UUID) -> None:
    if queries.reversal(session, payment_id) is not None:
        raise problems.AlreadyReversed("Its money has left the member's account already.")


def _announcement(payment: Payment) -> PaymentReversed:
    return PaymentReversed(
        payment_id=payment.id,
        member_id=payment.member_id,
        organisation_id=payment.organisation_id,
        amount_minor=payment.amount_minor,
        currency=payment.currency,
        receipt_number=payment.receipt_number,
    )


def _content(session: Session, payment_id: UUID) -> Any:
    payment = session.get_one(Payment, payment_id)
    return {"payment_id": payment_id, "amount_minor": payment.amount_minor}


KIND = approvals.Kind("payments.reverse", "payments:approve", _content, reverse_payment)
