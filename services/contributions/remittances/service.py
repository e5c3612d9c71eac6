"""Ordering the payment of a notice, by two people, once every difference is explained.

What the bill asks beyond what members have paid moves out of the mutual's own money first, so that no
member's money pays another's bill. The order is a row; only the bank's evidence confirms it (`confirming`).
"""

from typing import Any
from uuid import UUID

from sqlmodel import Session

from services.contributions import books
from services.contributions.notices import Notice
from services.contributions.remittances import problems, queries
from services.contributions.remittances.models import Remittance
from services.contributions.remittances.rules import Need
from services.kit import approvals, clock, ids, ledger
from services.kit.approvals import Approval
from services.kit.ledger import Transfer
from services.kit.money import Money
from services.kit.principals import Principal


def ask_to_remit(
    session: Session, notice_id: UUID, *, account: str, shortfall_account: str | None, by: Principal
) -> Approval:
    """Ask a second person to order the payment of a notice; asking again answers the pending request.

    Raises NoSuchBill, NotRemittable, DifferencesOpen, ShortfallNotFunded, AlreadyRemitted, Forbidden.
    """
    notice = queries.lock_notice(session, notice_id)
    known = queries.standing(session, notice_id)
    if known is not None and known.state != "pending":
        raise problems.AlreadyRemitted(f"Its remittance is {known.state}.", remittance_id=str(known.id))
    need = _ensure_remittable(session, notice, shortfall_account)
    remittance = known or Remittance(
        id=ids.new_id(),
        notice_id=notice_id,
        period=notice.period,
        account=account,
        amount_minor=notice.total_minor,
        currency=notice.currency,
        due_on=notice.due_on,
        asked_by=by.subject,
    )
    remittance.account = account
    _fund_from(remittance, shortfall_account, need)
    session.add(remittance)
    session.flush()
    approval = approvals.request(session, KIND, remittance.id, by=by, facts=_facts(notice, remittance))
    remittance.asked_by = approval.requested_by
    return approval


def _fund_from(remittance: Remittance, shortfall_account: str | None, need: Need) -> None:
    remittance.shortfall_account = shortfall_account if need.minor else None
    remittance.shortfall_minor, remittance.advance_minor = need.shortfall_minor, need.advance_minor


def _ensure_remittable(session: Session, notice: Notice, shortfall_account: str | None) -> Need:
    """What the mutual must put in; its own account has it. Raises as `ask_to_remit`."""
    if notice.state != "compared":
        raise problems.NotRemittable(f"It is {notice.state}.")
    if count := queries.count_open(session, notice.id):
        raise problems.DifferencesOpen(f"Differences without an explanation: {count}.", differences=count)
    need = queries.need_of(session, notice)
    if need.minor:
        _ensure_funded(session, need, shortfall_account, notice.currency)
    return need


def _ensure_funded(session: Session, need: Need, account: str | None, currency: str) -> None:
    needed = Money(need.minor, currency)
    if account is None:
        raise problems.ShortfallNotFunded(
            f"Members have not paid {needed} of it: name the mutual's own account that bears it.",
            needed=needed.amount,
        )
    available = Money(queries.available_minor(session, account, currency), currency)
    if available.minor < needed.minor:
        raise problems.ShortfallNotFunded(
            f"It needs {needed}; the mutual's own account {account} has {available}.",
            needed=needed.amount,
            available=available.amount,
        )


def _facts(notice: Notice, remittance: Remittance) -> dict[str, Any]:
    put_in = Money(remittance.shortfall_minor + remittance.advance_minor, remittance.currency)
    return {
        "reference": notice.reference,
        "period": str(notice.period),
        "due_on": notice.due_on.isoformat(),
        "amount_minor": remittance.amount_minor,
        "currency": remittance.currency,
        "account": remittance.account,
        "shortfall": {"amount": put_in.amount, "currency": put_in.currency},
        "shortfall_account": remittance.shortfall_account,
    }


def _content(session: Session, remittance_id: UUID) -> Any:
    """The notice's own hash, the amount, and what the mutual puts in, as things stand."""
    notice = queries.lock_notice(session, queries.remittance(session, remittance_id).notice_id)
    remittance = queries.lock_remittance(session, remittance_id)
    need = queries.need_of(session, notice)
    return {
        "notice": bytes(notice.sha256).hex(),
        "amount_minor": remittance.amount_minor,
        "account": remittance.account,
        "shortfall_account": remittance.shortfall_account,
        "need": [need.shortfall_minor, need.advance_minor],
    }


def _order(session: Session, approval: Approval, by: Principal) -> None:
    """Order what two people agreed on: the mutual's own money moves in the same transaction."""
    remittance = queries.lock_remittance(session, approval.subject_id)
    notice = queries.lock_notice(session, remittance.notice_id)
    if remittance.state != "pending":
        raise problems.AlreadyRemitted(f"It is {remittance.state}.")
    if remittance.shortfall_account is not None:
        queries.lock_own_account(session, remittance.shortfall_account)
    need = _ensure_remittable(session, notice, remittance.shortfall_account)
    _fund_from(remittance, remittance.shortfall_account, need)
    if remittance.shortfall_account is not None:
        own = books.own(remittance.shortfall_account)
        moved = {books.SHORTFALL: need.shortfall_minor, books.ADVANCED: need.advance_minor}
        transfers = [
            Transfer("funding", own, credit, Money(minor, remittance.currency), remittance.id)
            for credit, minor in moved.items()
        ]
        ledger.post(session, books.entries, transfers, booked_on=clock.business_today(session))
    remittance.state, remittance.ordered_by, remittance.ordered_at = "ordered", by.subject, clock.now()
    session.flush()


def _refuse(session: Session, approval: Approval, by: Principal) -> None:
    remittance = queries.lock_remittance(session, approval.subject_id)
    if remittance.state == "pending":
        remittance.state = "refused"


KIND = approvals.Kind("remittances.order", "remittances:approve", _content, _order, _refuse)
