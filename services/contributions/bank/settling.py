"""Settling a line that waited in suspense: a clerk knows whose money it is; above a limit, two people do."""

from typing import Any
from uuid import UUID

from sqlmodel import Session

from services.contributions import books
from services.contributions.bank import problems, queries
from services.contributions.bank.models import BankLine
from services.contributions.payments import Incoming, post
from services.contributions.settings import settings
from services.kit import approvals, audit, clock, ids
from services.kit.approvals import Approval
from services.kit.db import raw
from services.kit.principals import Principal


def settle_line(session: Session, line_id: UUID, member_id: UUID, *, by: Principal) -> BankLine:
    """Post a line's money to a member, out of suspense; a second call is refused.

    Raises NoSuchLine, LineNotInSuspense, NeedsSecondPerson, UnknownMember.
    """
    line = queries.lock_line(session, line_id)
    _ensure_in_suspense(line)
    if line.amount_minor > settings().suspense_alone_max_minor:
        raise problems.NeedsSecondPerson(
            "Ask for it with POST /v1/bank-lines/{id}/settlement-requests; a second person decides."
        )
    return _post(session, line, member_id, by=by)


def ask_to_settle(session: Session, line_id: UUID, member_id: UUID, *, by: Principal) -> Approval:
    """Ask a second person to settle a line for a member. Raises NoSuchLine, LineNotInSuspense."""
    line = queries.lock_line(session, line_id)
    _ensure_in_suspense(line)
    line.member_id = member_id
    session.flush()
    facts = {
        "member_id": str(member_id),
        "amount_minor": line.amount_minor,
        "currency": line.currency,
        "value_on": line.value_on.isoformat(),
        "reference": line.reference,
    }
    return approvals.request(session, KIND, line_id, by=by, facts=facts)


def _ensure_in_suspense(line: BankLine) -> None:
    if line.state != "suspense":
        raise problems.LineNotInSuspense(f"It is {line.state}.")


def _post(session: Session, line: BankLine, member_id: UUID, *, by: Principal) -> BankLine:
    incoming = Incoming(
        payment_id=ids.new_id(),
        member_id=member_id,
        amount_minor=line.amount_minor,
        currency=line.currency,
        channel="bank",
        debit_account=books.SUSPENSE,
        taken_by=by.subject,
        actor_kind=by.kind,
        value_on=line.value_on,
        reference=str(line.id),
    )
    _, refused = post(raw(session), [incoming], booked_on=clock.business_today(session))
    for problem in refused.values():
        raise problem
    line.state, line.matched_by = "settled", "clerk"
    line.member_id, line.payment_id = member_id, incoming.payment_id
    audit.write(session, "bank_lines.settle", line.id, by=by)
    return line


def _content(session: Session, line_id: UUID) -> Any:
    line = queries.lock_line(session, line_id)
    return {"line_id": line_id, "state": line.state, "member_id": line.member_id}


def _apply(session: Session, approval: Approval, by: Principal) -> None:
    line = queries.lock_line(session, approval.subject_id)
    _ensure_in_suspense(line)
    _post(session, line, UUID(approval.facts["member_id"]), by=by)


KIND = approvals.Kind("bank_lines.settle", "payments:approve", _content, _apply)
