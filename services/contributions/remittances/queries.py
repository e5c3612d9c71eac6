"""SQL of remittances. What is locked together is locked in this order: bank line, notice, remittance."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlmodel import Session, col, func, select

from services.contributions.bank import BankLine
from services.contributions.notices import Difference, Notice
from services.contributions.remittances import problems
from services.contributions.remittances.models import Funding, Remittance, RemittanceReturn
from services.contributions.remittances.rules import Need
from services.kit.periods import Period

AFRESH = {"populate_existing": True}
STANDING = ("pending", "ordered", "confirmed")


def remittance(session: Session, remittance_id: UUID) -> Remittance:
    """One remittance. Raises NoSuchRemittance."""
    found = session.get(Remittance, remittance_id)
    if found is None:
        raise problems.NoSuchRemittance("Check the remittance's id.")
    return found


def lock_remittance(session: Session, remittance_id: UUID) -> Remittance:
    """One remittance, held until the transaction ends. Raises NoSuchRemittance."""
    query = select(Remittance).where(Remittance.id == remittance_id).with_for_update()
    found = session.exec(query.execution_options(**AFRESH)).one_or_none()
    if found is None:
        raise problems.NoSuchRemittance("Check the remittance's id.")
    return found


def lock_notice(session: Session, notice_id: UUID) -> Notice:
    """The notice that is to be paid, held. Raises NoSuchBill."""
    query = select(Notice).where(Notice.id == notice_id).with_for_update()
    found = session.exec(query.execution_options(**AFRESH)).one_or_none()
    if found is None:
        raise problems.NoSuchBill("Check the notice's id.")
    return found


def lock_line(session: Session, line_id: UUID) -> BankLine:
    """One bank line, held. Raises NoSuchBankLine."""
    query = select(BankLine).where(BankLine.id == line_id).with_for_update()
    found = session.exec(query.execution_options(**AFRESH)).one_or_none()
    if found is None:
        raise problems.NoSuchBankLine("Check the line's id.")
    return found


def standing(session: Session, notice_id: UUID) -> Remittance | None:
    """The remittance of a notice that stands, held; a returned or refused one does not."""
    query = select(Remittance).where(Remittance.notice_id == notice_id, col(Remittance.state).in_(STANDING))
    return session.exec(query.with_for_update().execution_options(**AFRESH)).one_or_none()


def count_open(session: Session, notice_id: UUID) -> int:
    """How many differences of a notice wait for an explanation."""
    query = select(func.count()).where(Difference.notice_id == notice_id, Difference.state == "open")
    return session.exec(query).one()


def need_of(session: Session, notice: Notice) -> Need:
    """What the mutual must put in of its own for a notice, as things stand."""
    if notice.type == "audit":
        return Need(notice.shortfall_minor, 0)
    unpaid = session.execute(
        text(
            "SELECT coalesce(sum(due.total_minor - due.settled_minor), 0)::bigint"
            " FROM declaration_lines line JOIN dues due ON due.member_id = line.member_id"
            " AND due.period = :period AND due.fund = 'contributions' AND due.charge_id = line.charge_id"
            " WHERE line.declaration_id = :declaration_id AND due.state = 'open'"
        ),
        {"period": str(notice.period), "declaration_id": notice.declaration_id},
    )
    return Need(notice.shortfall_minor, unpaid.scalar_one())


def lock_own_account(session: Session, account: str) -> None:
    """Let nobody else spend from one of the mutual's own accounts until the transaction ends."""
    session.execute(text("SELECT pg_advisory_xact_lock(hashtext('own ' || :account))"), {"account": account})


def available_minor(session: Session, account: str, currency: str) -> int:
    """What stands on one of the mutual's own accounts: put on it, and not used by a standing order."""
    found = session.execute(
        text(
            "SELECT (SELECT coalesce(sum(amount_minor), 0) FROM fundings"
            "        WHERE account = :account AND currency = :currency AND state = 'funded')"
            " - (SELECT coalesce(sum(shortfall_minor + advance_minor), 0) FROM remittances"
            "    WHERE shortfall_account = :account AND currency = :currency"
            "    AND state IN ('ordered', 'confirmed'))"
        ),
        {"account": account, "currency": currency},
    )
    return int(found.scalar_one())


def funded_accounts(session: Session) -> list[tuple[str, str]]:
    """The mutual's own accounts, each with its currency."""
    query = select(Funding.account, Funding.currency).where(Funding.state == "funded").distinct()
    return [(account, currency) for account, currency in session.exec(query.order_by(Funding.account))]


def remittances(
    session: Session,
    *,
    notice_id: UUID | None,
    period: Period | None,
    state: str | None,
    after: UUID | None,
    limit: int,
) -> list[Remittance]:
    """Remittances, newest first."""
    query = select(Remittance)
    if notice_id is not None:
        query = query.where(Remittance.notice_id == notice_id)
    if period is not None:
        query = query.where(Remittance.period == period)
    if state is not None:
        query = query.where(Remittance.state == state)
    if after is not None:
        query = query.where(col(Remittance.id) < after)
    return list(session.exec(query.order_by(col(Remittance.id).desc()).limit(limit)))


def references(session: Session, notice_ids: Sequence[UUID]) -> dict[UUID, str]:
    """The State's references of notices."""
    query = select(Notice.id, Notice.reference).where(col(Notice.id).in_(notice_ids))
    return dict(session.exec(query).all())


def returns(session: Session, remittance_ids: Sequence[UUID]) -> dict[UUID, RemittanceReturn]:
    """The returns of remittances that came back."""
    query = select(RemittanceReturn).where(
        col(RemittanceReturn.remittance_id).in_(remittance_ids), RemittanceReturn.state == "returned"
    )
    return {one.remittance_id: one for one in session.exec(query)}


def return_of(session: Session, remittance_id: UUID) -> RemittanceReturn | None:
    """The return of a remittance that is asked for, or has happened."""
    query = select(RemittanceReturn).where(
        RemittanceReturn.remittance_id == remittance_id, RemittanceReturn.state != "refused"
    )
    return session.exec(query).one_or_none()


def is_claimed(session: Session, line_id: UUID) -> bool:
    """Whether a bank line is asked for as a return, or as the mutual's own money."""
    of_return = select(RemittanceReturn.id).where(
        RemittanceReturn.bank_line_id == line_id, RemittanceReturn.state != "refused"
    )
    of_funding = select(Funding.id).where(Funding.bank_line_id == line_id, Funding.state != "refused")
    return session.exec(of_return).first() is not None or session.exec(of_funding).first() is not None


def funding_of(session: Session, line_id: UUID) -> Funding | None:
    """The claim of a bank line as the mutual's own money, if there is one."""
    query = select(Funding).where(Funding.bank_line_id == line_id, Funding.state != "refused")
    return session.exec(query).one_or_none()


def payments_out(session: Session, statement_id: UUID) -> Sequence[Row[Any]]:
    """Lines of a statement that went out with the amount of an ordered remittance of that account."""
    return session.execute(
        text(
            "SELECT line.id AS line_id, line.reference || ' ' || line.description AS written,"
            " remittance.id AS remittance_id, notice.reference"
            " FROM remittances remittance JOIN notices notice ON notice.id = remittance.notice_id"
            " JOIN bank_lines line ON line.account = remittance.account"
            " AND line.currency = remittance.currency AND line.amount_minor = -remittance.amount_minor"
            " WHERE remittance.state = 'ordered' AND line.statement_id = :statement_id"
            " AND line.state = 'outgoing' ORDER BY line.id, remittance.id"
        ),
        {"statement_id": statement_id},
    ).all()


def payments_back(session: Session, statement_id: UUID) -> Sequence[Row[Any]]:
    """Lines in suspense that came in with the amount of a remittance said to be on its way back."""
    return session.execute(
        text(
            "SELECT line.id AS line_id, line.reference || ' ' || line.description AS written,"
            " came_back.id AS return_id, notice.reference"
            " FROM remittance_returns came_back"
            " JOIN remittances remittance ON remittance.id = came_back.remittance_id"
            " JOIN notices notice ON notice.id = remittance.notice_id"
            " JOIN bank_lines line ON line.account = remittance.account"
            " AND line.currency = remittance.currency AND line.amount_minor = remittance.amount_minor"
            " WHERE came_back.state = 'returned' AND came_back.bank_line_id IS NULL"
            " AND remittance.bank_line_id IS NOT NULL AND line.statement_id = :statement_id"
            " AND line.state = 'suspense' ORDER BY line.id, came_back.id"
        ),
        {"statement_id": statement_id},
    ).all()


def lock_return(session: Session, return_id: UUID) -> RemittanceReturn:
    """One return, held until the transaction ends."""
    query = select(RemittanceReturn).where(RemittanceReturn.id == return_id).with_for_update()
    return session.exec(query.execution_options(**AFRESH)).one()


def lock_funding(session: Session, funding_id: UUID) -> Funding:
    """One funding, held until the transaction ends."""
    query = select(Funding).where(Funding.id == funding_id).with_for_update()
    return session.exec(query.execution_options(**AFRESH)).one()
