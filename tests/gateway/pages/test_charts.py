"""The chart draws what was collected, and nothing outside its box."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from gateway.pages.charts import BOX_HEIGHT, BOX_WIDTH, CollectionChart, DayTotal
from services.kit.money import Money

FIRST, LAST = date(2026, 7, 1), date(2026, 7, 31)


def chart(totals: dict[int, int], goal: int = 100_00) -> CollectionChart:
    days = tuple(DayTotal(date(2026, 7, day), Money(total, "DOP")) for day, total in totals.items())
    return CollectionChart(days, Money(goal, "DOP"), FIRST, LAST)


def test_the_curve_rises_from_nothing_and_ends_at_the_latest_day() -> None:
    drawn = chart({1: 0, 2: 50_00, 31: 100_00})
    assert drawn.line == f"M0 {BOX_HEIGHT}L0 170L33.3 94.1L966.7 94.1L1000 18.2"
    assert drawn.latest.total == Money(100_00, "DOP")


def test_until_the_first_payment_the_curve_is_level() -> None:
    assert chart({16: 50_00}).line == f"M0 {BOX_HEIGHT}L466.7 170L500 94.1"


def test_a_day_outside_the_month_stays_at_the_edge() -> None:
    drawn = chart({3: 10})
    assert drawn.percent(date(2026, 6, 20)) == "0.0%"
    assert drawn.percent(date(2026, 9, 1)) == "100.0%"


@given(
    totals=st.dictionaries(st.integers(1, 31), st.integers(0, 10**13), min_size=1),
    goal=st.integers(0, 10**13),
)
def test_no_point_lies_outside_the_box(totals: dict[int, int], goal: int) -> None:
    drawn = chart(dict(sorted(totals.items())), goal)
    for point in drawn.line.removeprefix("M").split("L"):
        x, y = (float(number) for number in point.split())
        assert 0 <= x <= BOX_WIDTH
        assert 0 <= y <= BOX_HEIGHT
