"""What a roster's cell means."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.kit.money import Money
from services.registry.identities import Unreadable
from services.registry.imports import cells


@pytest.mark.parametrize(
    "written",
    [
        "1995-03-12",
        "12/03/1995",
        "12-03-1995",
        "12.3.1995",
        "1995-3-12",
        "1995-03-12T00:00:00",
        "1995-03-12 00:00",
    ],
)
def test_a_day_is_read_year_first_or_day_first(written: str) -> None:
    assert cells.day(written) == date(1995, 3, 12)


@pytest.mark.parametrize(
    "written", ["31/02/1990", "1995", "12/13/1995", "12/03/95", "\uff11\uff12/03/1995", "19950312", "mañana"]
)
def test_a_day_that_is_none_is_told(written: str) -> None:
    with pytest.raises(Unreadable) as told:
        cells.day(written)
    assert told.value.code == "date_unreadable"


@given(st.dates())
def test_every_day_comes_back(day: date) -> None:
    assert cells.day(day.isoformat()) == day
    assert cells.day(f"{day.day:02d}/{day.month:02d}/{day.year:04d}") == day


@pytest.mark.parametrize(
    ("written", "minor"),
    [
        ("15770", "1577000"),
        ("15770.5", "1577050"),
        ("15,770.00", "1577000"),
        ("RD$15,770.00", "1577000"),
        ("1,234,567.89", "123456789"),
        ("15770.500", "1577050"),
    ],
)
def test_an_amount_is_read_in_minor_units(written: str, minor: str) -> None:
    assert cells.wage(written, "DOP", None) == minor


@pytest.mark.parametrize(
    "written", ["15.770,00", "15,77", "1e5", "-5", "15770.001", "mil", "٣٠٠٠٠", "9" * 21, "1,2345.00"]
)
def test_an_amount_that_is_none_is_told(written: str) -> None:
    with pytest.raises(Unreadable) as told:
        cells.wage(written, "DOP", None)
    assert told.value.code == "wage_unreadable"


def test_a_currency_without_decimals_has_none() -> None:
    assert cells.wage("60,000", "XOF", None) == "60000"
    with pytest.raises(Unreadable):
        cells.wage("60000.5", "XOF", None)


def test_the_floor_is_told_by_its_figure() -> None:
    floor = Money.parse("14161.00", "DOP")
    assert cells.wage("14161", "DOP", floor) == "1416100"
    with pytest.raises(Unreadable, match=r"14161\.00 DOP"):
        cells.wage("14160.99", "DOP", floor)


@given(st.text(max_size=60))
def test_a_text_never_breaks_the_line_that_it_is_copied_in(written: str) -> None:
    try:
        text = cells.line_of_text(written)
    except Unreadable:
        return
    assert not {"\t", "\n", "\r", "\0"} & set(text)
    assert text.replace("\\\\", "").count("\\") == 0
