"""How money, dates and numbers are written on a page, in the reader's language.

Words come from the language, habits from the country: an English page of a Dominican mutual still
writes RD$1,234.50, because that is what stands on the notes in the cashier's hand.
"""

from datetime import UTC, date, datetime
from decimal import Decimal
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_skeleton, format_time
from babel.numbers import format_currency, format_decimal, get_currency_symbol

from gateway.locale import Language
from services.kit.money import Money, decimals
from services.kit.periods import Period

# Where a currency is at home: there it has its short sign.
_HOME = {"DOP": "es_DO", "XOF": "fr_SN", "XAF": "fr_CM", "PEN": "es_PE", "CRC": "es_CR"}
_LOCALES: dict[Language, str] = {"es": "es_DO", "en": "en_US"}
_MINUS, _NO_BREAK = "\N{MINUS SIGN}", "\N{NO-BREAK SPACE}"


@lru_cache
def _locale(language: Language) -> Locale:
    return Locale.parse(_LOCALES[language])


def money(amount: Money, language: Language) -> str:
    """`Money(123450, "DOP")` is `RD$1,234.50`; a negative amount has its minus before the sign."""
    currency = amount.currency
    value = Decimal(abs(amount.minor)).scaleb(-decimals(currency))
    home = _HOME.get(currency, _LOCALES[language])
    written = format_currency(value, currency, locale=home)
    if get_currency_symbol(currency, home) == currency:  # a sign of letters needs its space
        written = written.replace(currency, currency + _NO_BREAK, 1).rstrip(_NO_BREAK)
    return f"{_MINUS}{written}" if amount.minor < 0 else written


def sign(currency: str, language: Language) -> str:
    """The currency's sign beside an amount field: `RD$`."""
    return get_currency_symbol(currency, _HOME.get(currency, _LOCALES[language]))


def field_amount(amount: Money) -> str:
    """An amount as it is put into a field for editing: `1234.50`, no sign, no grouping."""
    return amount.amount


def number(value: int, language: Language) -> str:
    return format_decimal(value, locale=_locale(language))


def day(value: date, language: Language) -> str:
    """`3 jul 2026`, `Jul 3, 2026`."""
    return format_date(value, "medium", locale=_locale(language))


def day_long(value: date, language: Language) -> str:
    """`3 de julio de 2026`, `July 3, 2026`."""
    return format_date(value, "long", locale=_locale(language))


def day_short(value: date, language: Language) -> str:
    """`3 jul`, `Jul 3`: where the year is plain from what stands around it."""
    # Skeletons take moments only; noon keeps the day whatever the zone.
    noon = datetime(value.year, value.month, value.day, 12, tzinfo=UTC)
    return format_skeleton("MMMd", noon, tzinfo=UTC, locale=_locale(language))


def month(value: Period | date, language: Language) -> str:
    """`julio de 2026`, `July 2026`."""
    first = value.first_day if isinstance(value, Period) else value
    noon = datetime(first.year, first.month, 1, 12, tzinfo=UTC)
    return format_skeleton("yMMMM", noon, tzinfo=UTC, locale=_locale(language))


def time(value: datetime, language: Language, zone: ZoneInfo) -> str:
    """`3:45 p. m.`, on the mutual's clock."""
    return format_time(value, "short", tzinfo=zone, locale=_locale(language))


def moment(value: datetime, language: Language, zone: ZoneInfo) -> str:
    """Day and time on the mutual's clock: `3 jul 2026, 3:45 p. m.`"""
    return f"{day(value.astimezone(zone).date(), language)}, {time(value, language, zone)}"
