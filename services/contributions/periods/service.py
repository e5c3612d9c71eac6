"""Closing a period, by two people, once every difference of it has its reason.

A period that is being worked on and its closing exclude each other: whoever charges or declares holds it
open until they have committed (`queries.ensure_open`).
"""

from typing import Any

from sqlmodel import Session

from services.contributions.periods import figures, problems, queries
from services.contributions.periods.models import PeriodClosing
from services.contributions.schemes import scheme_in_use
from services.contributions.settings import settings
from services.kit import approvals, clock, ids
from services.kit.approvals import Approval
from services.kit.db import raw
from services.kit.money import Money
from services.kit.periods import Period
from services.kit.principals import Principal


def ask_to_close(session: Session, period: Period, *, by: Principal) -> Approval:
    """Ask a second person to close a period; asking again answers the pending request.

    Raises PeriodClosed, PeriodNotOver, PeriodNotSettled, Forbidden.
    """
    queries.lock_period(session, period)
    known = queries.standing(session, period)
    if known is not None and known.state == "closed":
        raise problems.PeriodClosed(f"{period} was closed.")
    _ensure_settled(session, period)
    closing = known or PeriodClosing(
        id=ids.new_id(),
        period=period,
        declared_minor=0,
        billed_minor=0,
        remitted_minor=0,
        currency=scheme_in_use(settings().scheme).currency,
        asked_by=by.subject,
    )
    _note_figures(session, closing)
    session.add(closing)
    session.flush()
    facts = {
        "period": str(period),
        "declared": _money(closing, closing.declared_minor),
        "billed": _money(closing, closing.billed_minor),
        "remitted": _money(closing, closing.remitted_minor),
    }
    return approvals.request(session, KIND, closing.id, by=by, facts=facts)


def _ensure_settled(session: Session, period: Period) -> None:
    today = clock.business_today(session)
    if period.last_day >= today:
        raise problems.PeriodNotOver(f"{period} ends on {period.last_day}; today is {today}.")
    if reasons := queries.waiting(session, period).reasons:
        raise problems.PeriodNotSettled(f"{period} waits for {', '.join(reasons)}.", waits_for=reasons)


def _note_figures(session: Session, closing: PeriodClosing) -> None:
    [found] = figures.figures(raw(session), [closing.period])
    closing.declared_minor = found.declared_minor
    closing.billed_minor = found.billed_minor
    closing.remitted_minor = found.remitted_minor


def _money(closing: PeriodClosing, minor: int) -> dict[str, str]:
    return {"amount": Money(minor, closing.currency).amount, "currency": closing.currency}


def _content(session: Session, closing_id: Any) -> Any:
    """The figures as they are now, under the period's lock."""
    closing = queries.closing(session, closing_id)
    queries.lock_period(session, closing.period)
    closing = queries.closing(session, closing_id)
    [found] = figures.figures(raw(session), [closing.period])
    return {
        "period": str(closing.period),
        "figures": [found.declared_minor, found.billed_minor, found.differences_minor, found.remitted_minor],
    }


def _close(session: Session, approval: Approval, by: Principal) -> None:
    closing = queries.closing(session, approval.subject_id)
    if closing.state != "pending":
        raise problems.PeriodClosed(f"It is {closing.state}.")
    _ensure_settled(session, closing.period)
    closing.state, closing.closed_by, closing.closed_at = "closed", by.subject, clock.now()
    session.flush()


def _refuse(session: Session, approval: Approval, by: Principal) -> None:
    closing = queries.closing(session, approval.subject_id)
    if closing.state == "pending":
        closing.state = "refused"


KIND = approvals.Kind("periods.close", "remittances:approve", _content, _close, _refuse)
