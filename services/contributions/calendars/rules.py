"""Which days are worked, and what falls on the n-th of them.

A country's holidays come from the `holidays` library; a dated table beside this module overrides
single days, for decrees and for what the library gets wrong. An override is known from a day on, so
that a due date computed last month can be explained with what was known then.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Self

import holidays
from pydantic import Field, model_validator

from services.contributions.datafiles import Day, Strict, read_file
from services.kit.periods import Period

_DATA = Path(__file__).parent / "data"
_ONE_DAY = timedelta(days=1)


class Override(Strict):
    """One day that is worked, or is not, whatever the library says."""

    day: Day
    works: bool
    known_from: Day
    source: Annotated[str, Field(min_length=1)]


class _OverrideTable(Strict):
    country: str
    source: str
    days: tuple[Override, ...]


class DueRule(Strict):
    """The State's date: the `working_day`-th working day, `months_after` the period."""

    working_day: Annotated[int, Field(ge=1, le=20)]
    months_after: Annotated[int, Field(ge=0, le=12)]


class CutOffRule(Strict):
    """The mutual's own last day to pay: a day of the period's month, or working days before due."""

    day: Annotated[int, Field(ge=1, le=31)] | None = None
    working_days_before_due: Annotated[int, Field(ge=1, le=20)] | None = None

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if (self.day is None) == (self.working_days_before_due is None):
            raise ValueError("give either day or working_days_before_due")
        return self


@dataclass(frozen=True)
class WorkingCalendar:
    """The working days of one country. `known_on` leaves out what was decreed after that day."""

    country: str
    overrides: tuple[Override, ...] = ()

    def is_worked(self, day: date, known_on: date | None = None) -> bool:
        """Whether `day` is a working day, as far as was known on `known_on` (None: all we know)."""
        known = [o for o in self.overrides if o.day == day and _known(o, known_on)]
        if known:
            return max(known, key=lambda override: override.known_from).works
        weekend, closed = _library(self.country, day.year)
        return day.weekday() not in weekend and day not in closed

    def nth_worked(self, month: Period, nth: int, known_on: date | None = None) -> date:
        """The `nth` working day of a month, counted from 1."""
        day = month.first_day - _ONE_DAY
        for _ in range(nth):
            day = self._next(day, _ONE_DAY, known_on)
        if day > month.last_day:
            raise ValueError(f"{month} has fewer than {nth} working days in {self.country}")
        return day

    def before(self, day: date, working_days: int, known_on: date | None = None) -> date:
        """The day that lies `working_days` working days before `day`."""
        for _ in range(working_days):
            day = self._next(day, -_ONE_DAY, known_on)
        return day

    def _next(self, day: date, step: timedelta, known_on: date | None) -> date:
        day += step
        while not self.is_worked(day, known_on):
            day += step
        return day


def due_on(calendar: WorkingCalendar, rule: DueRule, period: Period, known_on: date | None = None) -> date:
    """The last day to pay the State for `period`.

    Source: Ley 87-01 and the TSS's rules: the first three working days of the following month.
    """
    return calendar.nth_worked(period.plus(rule.months_after), rule.working_day, known_on)


def cut_off_on(
    calendar: WorkingCalendar,
    rule: CutOffRule,
    period: Period,
    due: date,
    known_on: date | None = None,
) -> date:
    """The last value date with which a member is on the payroll of `period`; never after `due`.

    The mutual chooses the rule; no law does. A `day` that the month lacks is its last day.
    """
    if rule.working_days_before_due is not None:
        return calendar.before(due, rule.working_days_before_due, known_on)
    assert rule.day is not None
    return min(period.first_day.replace(day=min(rule.day, period.last_day.day)), due)


@lru_cache
def calendar_of(country: str) -> WorkingCalendar:
    """A country's calendar with the overrides that are shipped. Raises NotImplementedError."""
    holidays.country_holidays(country)  # refuses a country that it does not know
    return WorkingCalendar(country, tuple(_shipped(country)))


def _shipped(country: str) -> Iterable[Override]:
    path = _DATA / f"{country}.yaml"
    return read_file(path, _OverrideTable).days if path.exists() else ()


@lru_cache(maxsize=256)
def _library(country: str, year: int) -> tuple[frozenset[int], frozenset[date]]:
    """Weekend days and holidays of a year: frozen, since the library's own object grows when read."""
    table = holidays.country_holidays(country, years=year)
    return frozenset(table.weekend), frozenset(table)


def _known(override: Override, known_on: date | None) -> bool:
    return known_on is None or override.known_from <= known_on
