"""A remittance that comes back, agreed on by two people: the members on it are no longer covered.

The bank's line waits in suspense and is taken from there; without one the money stands as on its way, until
a statement brings the line. The mutual's own money goes back to its account, since the order is undone.
"""

from typing import Any
from uuid import UUID

from sqlmodel import Session

from services.contributions import books
from services.contributions.coverages import withdraw_later
from services.contributions.remittances import problems, queries
from services.contributions.remittances.confirming import ensure_fits, meet_returned, obligations_against
from services.contributions.remittances.models import Remittance, RemittanceReturn
from services.kit import approvals, clock, ids, ledger
from services.kit.approvals import Approval
from services.kit.principals import Principal

RETURNABLE = ("ordered", "confirmed")


def ask_to_return(
    session: Session, remittance_id: UUID, *, reason: str, bank_line_id: UUID | None, by: Principal
) -> Approval:
    """Ask a second person to take a remittance as returned; asking again answers the pending request.

    Raises NoSuchRemittance, NotReturnable, NoSuchBankLine, LineDoesNotFit, LineClaimed, Forbidden.
    """
    line = queries.lock_line(session, bank_line_id) if bank_line_id else None
    remittance = queries.lock_remittance(session, remittance_id)
    _ensure_returnable(remittance)
    came_back = queries.return_of(session, remittance_id)
    if line is not None:
        _ensure_brings_back(remittance, line)
        known_line = came_back.bank_line_id if came_back else None
        if line.id != known_line and queries.is_claimed(session, line.id):
            raise problems.LineClaimed("Decide about that first.")
    if came_back is None:
        came_back = RemittanceReturn(
            id=ids.new_id(), remittance_id=remittance_id, reason=reason, asked_by=by.subject
        )
    came_back.reason, came_back.bank_line_id = reason, bank_line_id
    session.add(came_back)
    session.flush()
    facts = {
        "period": str(remittance.period),
        "amount_minor": remittance.amount_minor,
        "currency": remittance.currency,
        "account": remittance.account,
        "reason": reason,
    }
    return approvals.request(session, KIND, came_back.id, by=by, facts=facts)


def _ensure_returnable(remittance: Remittance) -> None:
    if remittance.state not in RETURNABLE:
        raise problems.NotReturnable(f"It is {remittance.state}.")


def _ensure_brings_back(remittance: Remittance, line: Any) -> None:
    if remittance.state != "confirmed":
        raise problems.LineDoesNotFit("The bank has not shown yet that this remittance went out.")
    ensure_fits(line, remittance, state="suspense", amount_minor=remittance.amount_minor)


def _locked(session: Session, return_id: UUID) -> tuple[Remittance, RemittanceReturn]:
    known = session.get_one(RemittanceReturn, return_id)
    if known.bank_line_id is not None:
        queries.lock_line(session, known.bank_line_id)
    remittance = queries.lock_remittance(session, known.remittance_id)
    return remittance, queries.lock_return(session, return_id)


def _content(session: Session, return_id: UUID) -> Any:
    remittance, came_back = _locked(session, return_id)
    return {
        "remittance_id": remittance.id,
        "state": remittance.state,
        "amount_minor": remittance.amount_minor,
        "bank_line_id": came_back.bank_line_id,
        "reason": came_back.reason,
    }


def _return(session: Session, approval: Approval, by: Principal) -> None:
    """Undo an order or a payment: books, the mutual's own money, and coverage in the background."""
    remittance, came_back = _locked(session, approval.subject_id)
    _ensure_returnable(remittance)
    today = clock.business_today(session)
    if remittance.state == "confirmed":
        _take_back(session, remittance, came_back)
        withdraw_later(session, remittance.id)
    ledger.reverse(
        session,
        books.entries,
        books.reversals,
        of_source_id=remittance.id,
        source_id=came_back.id,
        booked_on=today,
    )
    remittance.state = "returned"
    came_back.state, came_back.returned_on = "returned", today
    session.flush()


def _take_back(session: Session, remittance: Remittance, came_back: RemittanceReturn) -> None:
    """What was paid is owed to the State again; the money is in suspense, or on its way."""
    transfers = obligations_against(
        session, remittance, books.RETURNING, source_id=came_back.id, is_return=True
    )
    ledger.post(session, books.entries, transfers, booked_on=clock.business_today(session))
    if came_back.bank_line_id is not None:
        line = queries.lock_line(session, came_back.bank_line_id)
        _ensure_brings_back(remittance, line)
        meet_returned(session, line, matched_by="clerk")


def _refuse(session: Session, approval: Approval, by: Principal) -> None:
    came_back = queries.lock_return(session, approval.subject_id)
    if came_back.state == "pending":
        came_back.state = "refused"


KIND = approvals.Kind("remittances.return", "remittances:approve", _content, _return, _refuse)
