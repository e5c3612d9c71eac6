"""What must hold of a member, without a database."""

from datetime import date

import pytest

from services.kit.money import Money
from services.registry.members import rules
from services.registry.members.problems import ImplausibleDate, OtherCurrency, WageBelowFloor

TODAY = date(2026, 7, 6)


@pytest.mark.parametrize(
    ("born_on", "age"),
    [("2000-07-06", 26), ("2000-07-07", 25), ("2012-02-29", 14), ("2026-07-06", 0), ("2026-07-07", -1)],
)
def test_an_age_is_of_whole_years(born_on: str, age: int) -> None:
    assert rules.age_on(date.fromisoformat(born_on), TODAY) == age


@pytest.mark.parametrize("born_on", ["2012-07-07", "1905-07-05", "2030-01-01"])
def test_nobody_may_work_who_is_too_young_or_too_old(born_on: str) -> None:
    with pytest.raises(ImplausibleDate):
        rules.ensure_may_work(date.fromisoformat(born_on), TODAY)


@pytest.mark.parametrize("born_on", ["2012-07-06", "1905-07-07"])
def test_from_fourteen_to_a_hundred_and_twenty_one_may(born_on: str) -> None:
    rules.ensure_may_work(date.fromisoformat(born_on), TODAY)


def test_the_floor_is_a_wage_that_may_be_declared() -> None:
    floor = Money.parse("16993.20", "DOP")
    rules.ensure_wage_permitted(floor, floor)
    rules.ensure_wage_permitted(Money.parse("1.00", "DOP"), None)
    with pytest.raises(WageBelowFloor):
        rules.ensure_wage_permitted(Money.parse("16993.19", "DOP"), floor)
    with pytest.raises(OtherCurrency):
        rules.ensure_wage_permitted(Money.parse("16993", "XOF"), floor)
