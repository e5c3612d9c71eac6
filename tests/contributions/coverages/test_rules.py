"""What a paid month covers, and the tail of 60 days, without a database."""

from datetime import date

import pytest

from services.contributions.coverages.rules import (
    CoverTerms,
    first_with_tail,
    state_of_month,
    state_today,
)
from services.kit.periods import Period

TERMS = CoverTerms(months_after=1, tail_days=60)
JULY = Period(2026, 7)


def test_a_paid_month_covers_until_the_end_of_the_next() -> None:
    assert TERMS.covered_until(JULY) == date(2026, 8, 31)
    assert CoverTerms(0, 60).covered_until(JULY) == date(2026, 7, 31)


def test_the_tail_is_sixty_days() -> None:
    assert TERMS.tail_until(date(2026, 8, 31)) == date(2026, 10, 30)


@pytest.mark.parametrize(
    ("today", "is_pending", "state"),
    [
        (date(2026, 8, 31), False, "covered"),
        (date(2026, 9, 1), False, "tail"),
        (date(2026, 9, 1), True, "tail"),
        (date(2026, 10, 30), False, "tail"),
        (date(2026, 10, 31), False, "none"),
        (date(2026, 10, 31), True, "pending"),
    ],
)
def test_how_a_member_stands_whose_last_paid_month_was_july(
    today: date, is_pending: bool, state: str
) -> None:
    until = TERMS.covered_until(JULY)
    assert state_today(TERMS, today, covered_until=until, is_pending=is_pending) == state


def test_who_never_paid_is_not_covered() -> None:
    assert state_today(TERMS, date(2026, 8, 1), covered_until=None, is_pending=False) == "none"


@pytest.mark.parametrize(
    ("terms", "first"),
    [
        (TERMS, Period(2026, 5)),  # May covers June, and 60 days from then reach 29 August
        (CoverTerms(1, 30), Period(2026, 6)),
        (CoverTerms(1, 0), JULY),
        (CoverTerms(0, 60), Period(2026, 5)),
    ],
)
def test_how_far_back_a_paid_month_still_reaches(terms: CoverTerms, first: Period) -> None:
    assert first_with_tail(terms, JULY) == first


@pytest.mark.parametrize(
    ("is_covered", "is_pending", "last_paid", "state"),
    [
        (True, True, None, "covered"),
        (False, True, Period(2026, 6), "pending"),
        (False, False, Period(2026, 6), "tail"),
        (False, False, Period(2026, 4), "none"),
        (False, False, None, "none"),
    ],
)
def test_what_one_month_is(is_covered: bool, is_pending: bool, last_paid: Period | None, state: str) -> None:
    found = state_of_month(TERMS, JULY, is_covered=is_covered, is_pending=is_pending, last_paid=last_paid)
    assert found == state
