"""How a member's cover is told: from the months that were paid for, withdrawn or declared."""

from datetime import date
from uuid import UUID

from services.contributions.coverages.queries import Month
from services.contributions.coverages.rules import CoverTerms, state_of_month, state_today
from services.contributions.coverages.schemas import MemberCoverageOut, MonthOut
from services.kit.periods import Period


def member_coverage(
    member_id: UUID, months: list[Month], terms: CoverTerms, today: date
) -> MemberCoverageOut:
    """A member's cover as of today; `months` come newest first."""
    paid = [month for month in months if month.state == "covered"]
    until = max((month.covered_until for month in paid if month.covered_until), default=None)
    is_pending = any(month.is_declared and month.state != "covered" for month in months)
    state = state_today(terms, today, covered_until=until, is_pending=is_pending)
    return MemberCoverageOut(
        member_id=member_id,
        state=state,
        covered=state == "covered",
        since=_since([month.period for month in paid], terms),
        until=until,
        tail_until=None if until is None else terms.tail_until(until),
        months=[_told(month, paid, terms) for month in months],
    )


def _since(paid: list[Period], terms: CoverTerms) -> date | None:
    """The first day covered of the newest unbroken row of months."""
    if not paid:
        return None
    first = paid[0]
    for period in paid[1:]:
        if period != first.plus(-1):
            break
        first = period
    return first.plus(terms.months_after).first_day


def _told(month: Month, paid: list[Month], terms: CoverTerms) -> MonthOut:
    last_paid = max((one.period for one in paid if one.period < month.period), default=None)
    state = state_of_month(
        terms,
        month.period,
        is_covered=month.state == "covered",
        is_pending=month.is_declared,
        last_paid=last_paid,
    )
    return MonthOut(
        period=month.period,
        state=state,
        covered_until=month.covered_until if state == "covered" else None,
        notice_id=month.notice_id,
        reference=month.reference,
        remittance_id=month.remittance_id,
        granted_on=month.granted_on,
        withdrawn_on=month.withdrawn_on,
        withdrawn_because=month.withdrawn_because,
    )
