"""What a month's contributions cover, and what follows when none do. Pure."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from services.kit.periods import Period

State = Literal["pending", "covered", "tail", "none"]


@dataclass(frozen=True, slots=True)
class CoverTerms:
    """How long a paid month covers, and how long health care in kind goes on after that.

    The tail: Ley 87-01, art. 124: 60 days for member and dependants, without benefits in money.
    """

    months_after: int
    tail_days: int

    def covered_until(self, period: Period) -> date:
        """The last day that a period's paid contributions cover."""
        return period.plus(self.months_after).last_day

    def tail_until(self, covered_until: date) -> date:
        """The last day of health care in kind when nothing is paid after that."""
        return covered_until + timedelta(days=self.tail_days)


def state_of_month(
    terms: CoverTerms, period: Period, *, is_covered: bool, is_pending: bool, last_paid: Period | None
) -> State:
    """What one month is: paid for, declared and not yet paid, within the tail of an earlier one, or none."""
    if is_covered:
        return "covered"
    if is_pending:
        return "pending"
    if last_paid is not None and last_paid >= first_with_tail(terms, period):
        return "tail"
    return "none"


def first_with_tail(terms: CoverTerms, period: Period) -> Period:
    """The earliest paid month whose tail reaches into what `period` would have covered."""
    first_day = period.plus(terms.months_after).first_day
    earliest = period.plus(-1)
    while terms.tail_until(terms.covered_until(earliest)) >= first_day:
        earliest = earliest.plus(-1)
    return earliest.plus(1)


def state_today(terms: CoverTerms, today: date, *, covered_until: date | None, is_pending: bool) -> State:
    """How a member stands today, by the last month that was paid for."""
    if covered_until is not None and today <= covered_until:
        return "covered"
    if covered_until is not None and today <= terms.tail_until(covered_until):
        return "tail"
    return "pending" if is_pending else "none"
