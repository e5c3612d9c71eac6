"""The mutual's own money among client money: two people say that a bank line in suspense is the mutual's.

It stands under a name, and pays for what notices bill beyond what members have paid. Without the second
person anybody's unknown deposit could become the mutual's.
"""

from typing import Any
from uuid import UUID

from sqlmodel import Session

from services.contributions import books
from services.contributions.bank import BankLine
from services.contributions.remittances import problems, queries
from services.contributions.remittances.models import Funding
from services.kit import approvals, clock, ids, ledger
from services.kit.approvals import Approval
from services.kit.ledger import Transfer
from services.kit.money import Money
from services.kit.principals import Principal


def ask_to_fund(session: Session, line_id: UUID, account: str, *, by: Principal) -> Approval:
    """Ask a second person to take a line's money as the mutual's own; asking again answers the request.

    Raises NoSuchBankLine, LineDoesNotFit, LineClaimed, Forbidden.
    """
    line = queries.lock_line(session, line_id)
    _ensure_in_suspense(line)
    funding = queries.funding_of(session, line_id)
    if funding is None and queries.is_claimed(session, line_id):
        raise problems.LineClaimed("Decide about that first.")
    funding = funding or Funding(
        id=ids.new_id(),
        bank_line_id=line_id,
        account=account,
        amount_minor=line.amount_minor,
        currency=line.currency,
        asked_by=by.subject,
    )
    funding.account = account
    session.add(funding)
    session.flush()
    facts = {
        "amount_minor": line.amount_minor,
        "currency": line.currency,
        "account": account,
        "value_on": line.value_on.isoformat(),
        "reference": line.reference,
    }
    return approvals.request(session, KIND, funding.id, by=by, facts=facts)


def _ensure_in_suspense(line: BankLine) -> None:
    if line.state != "suspense":
        raise problems.LineDoesNotFit(f"The line is {line.state}, not suspense.")


def _locked(session: Session, funding_id: UUID) -> tuple[BankLine, Funding]:
    line = queries.lock_line(session, session.get_one(Funding, funding_id).bank_line_id)
    return line, queries.lock_funding(session, funding_id)


def _content(session: Session, funding_id: UUID) -> Any:
    line, funding = _locked(session, funding_id)
    return {"line_id": line.id, "state": line.state, "account": funding.account}


def _fund(session: Session, approval: Approval, by: Principal) -> None:
    line, funding = _locked(session, approval.subject_id)
    _ensure_in_suspense(line)
    today = clock.business_today(session)
    transfer = Transfer(
        "funding",
        books.SUSPENSE,
        books.own(funding.account),
        Money(line.amount_minor, line.currency),
        funding.id,
    )
    ledger.post(session, books.entries, [transfer], booked_on=today)
    line.state, line.matched_by = "settled", "own_money"
    funding.state, funding.funded_on = "funded", today


def _refuse(session: Session, approval: Approval, by: Principal) -> None:
    funding = queries.lock_funding(session, approval.subject_id)
    if funding.state == "pending":
        funding.state = "refused"


KIND = approvals.Kind("fundings.accept", "remittances:approve", _content, _fund, _refuse)
