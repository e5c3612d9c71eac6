"""Giving back to the State what cannot be relayed: never kept, never used for anything else.

A quarantined item belongs to nobody here, and one clerk gives it back. A payout is owed to a
member: taking it from them takes two people.
"""

from datetime import date
from typing import Any
from uuid import UUID

from sqlmodel import Session

from services.benefits import books, events
from services.benefits.disbursements import ItemState
from services.benefits.matching import NotInQuarantine, lock_item_of
from services.benefits.payouts import Payout, State, announced, book, lock_in, lock_payouts
from services.benefits.returns import queries
from services.benefits.returns.models import Reason, Return
from services.benefits.returns.problems import NoSuchReturn, NotFunded, SentOtherwise
from services.kit import approvals, audit, clock
from services.kit.approvals import Approval, Kind
from services.kit.events import record
from services.kit.ids import new_id
from services.kit.money import Money
from services.kit.principals import Principal

RETURNABLE = (State.RELEASABLE, State.FAILED)


def return_item(session: Session, item_id: UUID, reason: Reason, *, by: Principal) -> Return:
    """Give a quarantined item back to its agency; once again changes nothing.

    Raises NoSuchItem, NotInQuarantine, NotFunded.
    """
    disbursement, item = lock_item_of(session, item_id)
    if item.state == ItemState.RETURNED and (earlier := queries.of_item(session, item_id)):
        return earlier
    if item.state != ItemState.QUARANTINED:
        raise NotInQuarantine(f"It is {item.state}.")
    if disbursement.funding_id is None:
        raise NotFunded(f"Bank reference {disbursement.bank_reference!r} has not come in.")
    item.state = ItemState.RETURNED
    made = _keep(
        session,
        Return(
            id=new_id(),
            disbursement_id=disbursement.id,
            item_id=item.id,
            amount_minor=item.amount_minor,
            currency=item.currency,
            reason=reason,
            decided_by=by.subject,
            decided_at=clock.now(),
        ),
    )
    amount = Money(item.amount_minor, item.currency)
    books.post(session, [books.Transfer("item_returned", books.UNMATCHED, books.RETURNED, amount, item.id)])
    audit.write(session, "items.return", item_id, by=by, reason=reason)
    return made


def ask_for_return(session: Session, payout_id: UUID, reason: Reason, *, by: Principal) -> Approval:
    """Ask that a payout that cannot be made goes back to the State. Raises NoSuchPayout, PayoutNotThere."""
    payout = lock_in(session, payout_id, *RETURNABLE)
    amount = Money(payout.amount_minor, payout.currency)
    facts = {
        "member_id": str(payout.member_id),
        "amount": {"amount": amount.amount, "currency": amount.currency},
        "reason": reason,
    }
    return approvals.request(
        session, RETURN, payout_id, by=by, facts=facts, organisation_id=payout.organisation_id
    )


def note_transfer(
    session: Session, return_id: UUID, bank_reference: str, sent_on: date, *, by: Principal
) -> Return:
    """Note that returned money left the bank; once again changes nothing.

    Raises NoSuchReturn, SentOtherwise.
    """
    row = queries.lock_return(session, return_id)
    if row is None:
        raise NoSuchReturn(f"No return has the id {return_id}.")
    if row.sent_on is not None:
        if (row.sent_reference, row.sent_on) != (bank_reference, sent_on):
            raise SentOtherwise(f"It left on {row.sent_on}.")
        return row
    row.sent_reference, row.sent_on, row.sent_by = bank_reference, sent_on, by.subject
    session.flush()
    amount = Money(row.amount_minor, row.currency)
    books.post(session, [books.Transfer("return_sent", books.RETURNED, books.BANK, amount, row.id)])
    audit.write(session, "returns.send", return_id, by=by)
    return row


def _content(session: Session, payout_id: UUID) -> Any:
    return [
        [one.state, one.attempt, one.member_id, one.amount_minor, one.currency]
        for one in lock_payouts(session, [payout_id])
    ]


def _return_payout(session: Session, approval: Approval, by: Principal) -> None:
    payout = lock_in(session, approval.subject_id, *RETURNABLE)
    payout.state, payout.reason = State.RETURNED, approval.facts["reason"]
    _keep(session, _return_of(payout, approval, by))
    book(session, "payout_returned", [payout], debit=books.OWED_TO_MEMBERS, credit=books.RETURNED)
    told = announced(payout).model_dump()
    record(session, events.PayoutReturned(**told, reason=approval.facts["reason"]))


def _return_of(payout: Payout, approval: Approval, by: Principal) -> Return:
    return Return(
        id=new_id(),
        disbursement_id=payout.disbursement_id,
        item_id=payout.item_id,
        payout_id=payout.id,
        amount_minor=payout.amount_minor,
        currency=payout.currency,
        reason=approval.facts["reason"],
        decided_by=by.subject,
        decided_at=clock.now(),
    )


def _keep(session: Session, row: Return) -> Return:
    session.add(row)
    session.flush()
    return row


RETURN = Kind("payouts.return", "payouts:release", _content, _return_payout)
"""A payout given back to the State, let go by a second person."""
