"""What the bank's statements prove: that a remittance went out, or that one has come back.

A line confirms the ordered remittance of its account whose amount it has and whose notice it names; a clerk
can say so of a line that does not name it. Nothing but a bank line confirms, and one line confirms once.
"""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import Row
from sqlmodel import Session

from services.contributions import books
from services.contributions.bank import BankLine
from services.contributions.coverages import grant_later
from services.contributions.events import RemittancePaid
from services.contributions.notices import Notice
from services.contributions.payments import settle_between
from services.contributions.remittances import problems, queries, rules
from services.contributions.remittances.models import Remittance
from services.kit import audit, clock, ledger
from services.kit.events import record
from services.kit.ledger import Transfer
from services.kit.money import Money
from services.kit.principals import Principal


def settle_from_statement(session: Session, statement_id: UUID) -> None:
    """Confirm what lines of a statement prove, and meet remittances that come back; the caller commits.

    Called at the end of each chunk of an import; a second call finds nothing left to do. A line that could
    be two remittances', or a second payment of one, is left for a clerk.
    """
    for found in _only_matches(queries.payments_out(session, statement_id), by="remittance_id"):
        line = queries.lock_line(session, found.line_id)
        remittance = queries.lock_remittance(session, found.remittance_id)
        if remittance.state == "ordered" and line.state == "outgoing":
            _confirm(session, remittance, line, matched_by="reference", by=None)
    for found in _only_matches(queries.payments_back(session, statement_id), by="return_id"):
        line = queries.lock_line(session, found.line_id)
        came_back = queries.lock_return(session, found.return_id)
        if came_back.bank_line_id is None and line.state == "suspense":
            came_back.bank_line_id = line.id
            meet_returned(session, line, matched_by="reference")
            session.flush()


def confirm_by_hand(session: Session, remittance_id: UUID, line_id: UUID, *, by: Principal) -> Remittance:
    """Confirm a remittance by a bank line that a clerk knows; the same line again changes nothing.

    Raises NoSuchRemittance, NoSuchBankLine, NotOrdered, LineDoesNotFit.
    """
    line = queries.lock_line(session, line_id)
    remittance = queries.lock_remittance(session, remittance_id)
    if remittance.state == "confirmed" and remittance.bank_line_id == line_id:
        return remittance
    if remittance.state != "ordered":
        raise problems.NotOrdered(f"It is {remittance.state}.")
    ensure_fits(line, remittance, state="outgoing", amount_minor=-remittance.amount_minor)
    _confirm(session, remittance, line, matched_by="clerk", by=by)
    return remittance


def ensure_fits(line: BankLine, remittance: Remittance, *, state: str, amount_minor: int) -> None:
    """A line is evidence if it is on the remittance's account and has its amount. Raises LineDoesNotFit."""
    if line.state != state:
        raise problems.LineDoesNotFit(f"The line is {line.state}, not {state}.")
    is_there = (line.account, line.currency) == (remittance.account, remittance.currency)
    if not is_there or line.amount_minor != amount_minor:
        wanted = Money(amount_minor, remittance.currency)
        raise problems.LineDoesNotFit(f"It takes a line of {wanted} on the account {remittance.account}.")


def meet_returned(session: Session, line: BankLine, *, matched_by: str) -> None:
    """Money that was on its way back has come, on a line that waited in suspense."""
    amount = Money(line.amount_minor, line.currency)
    transfer = Transfer("returned_remittance", books.SUSPENSE, books.RETURNING, amount, line.id)
    ledger.post(session, books.entries, [transfer], booked_on=clock.business_today(session))
    line.state, line.matched_by = "remittance", matched_by


def _confirm(
    session: Session, remittance: Remittance, line: BankLine, *, matched_by: str, by: Principal | None
) -> None:
    line.state, line.matched_by = "remittance", matched_by
    remittance.state, remittance.matched_by = "confirmed", matched_by
    remittance.bank_line_id, remittance.confirmed_on = line.id, line.value_on
    session.flush()
    transfers = obligations_against(session, remittance, books.bank(remittance.account), source_id=line.id)
    ledger.post(session, books.entries, transfers, booked_on=clock.business_today(session))
    record(
        session,
        RemittancePaid(
            remittance_id=remittance.id,
            notice_id=remittance.notice_id,
            period=str(remittance.period),
            amount_minor=remittance.amount_minor,
            currency=remittance.currency,
        ),
    )
    grant_later(session, remittance.id)
    audit.write(session, "remittances.confirm", remittance.id, by=by, details={"bank_line_id": str(line.id)})


def obligations_against(
    session: Session, remittance: Remittance, account: str, *, source_id: UUID, is_return: bool = False
) -> list[Transfer]:
    """The movements between what was owed to the State and `account`, for the whole of a remittance."""
    notice = session.get_one(Notice, remittance.notice_id)
    paid = rules.obligations_paid(
        remittance.amount_minor,
        dependants_minor=notice.dependants_minor,
        late_charge_minor=notice.late_charge_minor,
    )
    surplus = {books.obligations(what): minor for what, minor in paid.items()}
    surplus[account] = -remittance.amount_minor
    kind = "returned_remittance" if is_return else "remittance"
    sign = -1 if is_return else 1
    moved = settle_between({name: sign * minor for name, minor in surplus.items()})
    return [
        Transfer(kind, debit, credit, Money(minor, remittance.currency), source_id)
        for debit, credit, minor in moved
    ]


def _only_matches(candidates: Iterable[Row[Any]], *, by: str) -> list[Row[Any]]:
    """Of lines that name a reference, the first of each subject; a line that names two is nobody's."""
    of_line: dict[UUID, list[Row[Any]]] = defaultdict(list)
    for row in candidates:
        if rules.line_names(row.written, row.reference):
            of_line[row.line_id].append(row)
    taken: dict[UUID, Row[Any]] = {}
    for rows in of_line.values():
        if len(rows) == 1:
            taken.setdefault(getattr(rows[0], by), rows[0])
    return list(taken.values())
