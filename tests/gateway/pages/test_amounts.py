"""What a cashier types is read as meant, or not at all."""

import pytest

from gateway.pages.amounts import parse_amount


@pytest.mark.parametrize(
    ("typed", "minor"),
    [
        ("1234.5", 123450),
        ("1,234.50", 123450),
        (" RD$ 1,234.50 ", 123450),
        ("rd$1234", 123400),
        ("12,345,678", 1234567800),
        ("0.05", 5),
    ],
)
def test_an_amount_is_read_as_it_is_written(typed: str, minor: int) -> None:
    assert parse_amount(typed, "DOP").minor == minor


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "0",
        "0.00",
        "-5",
        "1,23",
        "1234,50",
        "1.234,50",
        "12,34,567",
        "1.005",
        "1e5",
        "mil",
        "١٢",
        "9" * 16,
    ],
)
def test_what_could_be_meant_otherwise_is_refused(typed: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 — any: the page has its own words for it
        parse_amount(typed, "DOP")


def test_a_currency_without_decimals_takes_none() -> None:
    assert parse_amount("5,000", "XOF").minor == 5000
    with pytest.raises(ValueError, match="decimals"):
        parse_amount("5000.5", "XOF")
