"""Money, days and moments, as people write them."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from gateway.locale import Language
from gateway.pages import formatting
from services.kit.money import Money
from services.kit.periods import Period

ZONE = ZoneInfo("America/Santo_Domingo")


@pytest.mark.parametrize("language", ["es", "en"])
@pytest.mark.parametrize(
    ("money", "written"),
    [
        (Money(123450, "DOP"), "RD$1,234.50"),
        (Money(-5, "DOP"), "\N{MINUS SIGN}RD$0.05"),
        (Money(0, "DOP"), "RD$0.00"),
        (Money(123450, "HTG"), "HTG\xa01,234.50"),
    ],
)
def test_money_has_the_sign_of_its_country_in_both_languages(
    money: Money, written: str, language: Language
) -> None:
    assert formatting.money(money, language) == written


def test_a_currency_without_decimals_shows_none() -> None:
    assert "," not in formatting.money(Money(123450, "XOF"), "es")
    assert formatting.money(Money(123450, "XOF"), "es").startswith("123")


@pytest.mark.parametrize(
    ("language", "short", "long", "month"),
    [
        ("es", "3 jul", "3 de julio de 2026", "julio de 2026"),
        ("en", "Jul 3", "July 3, 2026", "July 2026"),
    ],
)
def test_days_and_months_are_in_the_readers_words(
    language: Language, short: str, long: str, month: str
) -> None:
    day = date(2026, 7, 3)
    assert formatting.day_short(day, language) == short
    assert formatting.day_long(day, language) == long
    assert formatting.month(Period(2026, 7), language) == month


def test_a_moment_is_told_on_the_mutuals_clock() -> None:
    late = datetime(2026, 8, 1, 2, 30, tzinfo=UTC)
    assert formatting.moment(late, "es", ZONE).startswith("31 jul 2026, 10:30")
