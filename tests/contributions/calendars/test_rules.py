"""Working days: the State's third one, and the mutual's cut-off before it."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from services.contributions.calendars import (
    CutOffRule,
    DueRule,
    Override,
    WorkingCalendar,
    calendar_of,
    cut_off_on,
    due_on,
)
from services.kit.periods import Period

DO = calendar_of("DO")
THIRD = DueRule(working_day=3, months_after=1)

THIRD_WORKING_DAYS_2026 = [
    "2026-01-07",
    "2026-02-04",
    "2026-03-04",
    "2026-04-06",  # Good Friday, 3 April
    "2026-05-06",  # Labour day, moved from Friday 1 to Monday 4
    "2026-06-03",
    "2026-07-03",
    "2026-08-05",
    "2026-09-03",
    "2026-10-05",
    "2026-11-04",
    "2026-12-03",
]


@pytest.mark.parametrize("written", THIRD_WORKING_DAYS_2026)
def test_a_period_is_due_on_the_third_working_day_of_the_next_month(written: str) -> None:
    expected = date.fromisoformat(written)
    assert due_on(DO, THIRD, Period.of(expected).plus(-1)) == expected


def test_a_decree_moves_the_due_date_from_the_day_it_is_known() -> None:
    storm = Override(
        day=date(2026, 9, 2), works=False, known_from=date(2026, 9, 1), source="Decree, invented"
    )
    calendar = WorkingCalendar("DO", (*DO.overrides, storm))
    august = Period(2026, 8)
    assert due_on(calendar, THIRD, august) == date(2026, 9, 4)
    assert due_on(calendar, THIRD, august, known_on=date(2026, 8, 31)) == date(2026, 9, 3)


def test_of_two_decrees_on_one_day_the_later_known_holds() -> None:
    day = date(2026, 9, 2)
    closed = Override(day=day, works=False, known_from=date(2026, 8, 1), source="first")
    opened = Override(day=day, works=True, known_from=date(2026, 8, 20), source="second")
    calendar = WorkingCalendar("DO", (closed, opened))
    assert calendar.is_worked(day)
    assert not calendar.is_worked(day, known_on=date(2026, 8, 19))


def test_restoration_day_never_moves() -> None:
    assert DO.is_worked(date(2023, 8, 14))
    assert not DO.is_worked(date(2023, 8, 16))


def test_a_weekend_can_be_worked_by_decree() -> None:
    saturday = date(2026, 9, 5)
    worked = Override(day=saturday, works=True, known_from=date(2026, 1, 1), source="invented")
    assert not DO.is_worked(saturday)
    assert WorkingCalendar("DO", (worked,)).is_worked(saturday)


def test_the_cut_off_counts_working_days_back_from_the_due_date() -> None:
    july = Period(2026, 7)
    due = due_on(DO, THIRD, july)
    rule = CutOffRule(working_days_before_due=5)
    assert cut_off_on(DO, rule, july, due) == date(2026, 7, 29)


def test_the_cut_off_can_be_a_day_of_the_period() -> None:
    february = Period(2026, 2)
    due = due_on(DO, THIRD, february)
    assert cut_off_on(DO, CutOffRule(day=18), february, due) == date(2026, 2, 18)
    assert cut_off_on(DO, CutOffRule(day=31), february, due) == date(2026, 2, 28)


@pytest.mark.parametrize("given_rule", [{}, {"day": 5, "working_days_before_due": 2}])
def test_a_cut_off_is_said_in_one_way(given_rule: dict[str, int]) -> None:
    with pytest.raises(ValidationError, match="either day or working_days_before_due"):
        CutOffRule.model_validate(given_rule)


def test_a_month_without_so_many_working_days_is_refused() -> None:
    with pytest.raises(ValueError, match="fewer than 30"):
        DO.nth_worked(Period(2026, 2), 30)


def test_an_unknown_country_is_refused() -> None:
    with pytest.raises(NotImplementedError):
        calendar_of("ZZ")


@given(st.integers(2021, 2035), st.integers(1, 12), st.integers(1, 10))
def test_the_nth_working_day_has_n_working_days_up_to_it(year: int, month: int, nth: int) -> None:
    period = Period(year, month)
    found = DO.nth_worked(period, nth)
    days = [date(year, month, day) for day in range(1, found.day + 1)]
    assert sum(map(DO.is_worked, days)) == nth
    assert DO.is_worked(found)
