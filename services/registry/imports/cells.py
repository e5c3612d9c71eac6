"""What a roster's cell means: dates, amounts and words, as the row's format says (`columns`).

Each reader takes the cell's text and gives the value as text for the database, or raises Unreadable.
"""

import re
from datetime import date
from functools import lru_cache

from services.kit.money import Money, decimals
from services.registry.identities import Unreadable, read_name, read_phone
from services.registry.imports.columns import meaning
from services.registry.members import age_on, is_working_age

NOTHING = r"\N"
"""How COPY writes a value that is not there."""

TEXT_CHARACTERS_MAX = 100

_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[ T]00:00(?::00)?)?", re.ASCII)
_DAY_FIRST = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})", re.ASCII)
_AMOUNT = re.compile(r"(?:RD\$ ?)?(\d+|\d{1,3}(?:,\d{3})+)(?:\.(\d+))?", re.ASCII)


def name(written: str) -> str:
    """A name that must be there. Raises Unreadable with code `name_missing`, or as `read_name`."""
    read = read_name(written)
    if not read:
        raise Unreadable("name_missing", "The name is missing.")
    return read


def phone(written: str) -> str:
    """A phone, or nothing. Raises Unreadable as `read_phone`."""
    return read_phone(written) if written else NOTHING


@lru_cache(maxsize=65_536)
def day(written: str) -> date:
    """A date, as AAAA-MM-DD or DD/MM/AAAA. Raises Unreadable with code `date_missing`, `date_unreadable`."""
    if not written:
        raise Unreadable("date_missing", "The date is missing.")
    try:
        if match := _ISO.fullmatch(written):
            return date(int(match[1]), int(match[2]), int(match[3]))
        if match := _DAY_FIRST.fullmatch(written):
            return date(int(match[3]), int(match[2]), int(match[1]))
    except ValueError:
        raise Unreadable("date_unreadable", "There is no such day.") from None
    raise Unreadable("date_unreadable", "Write the date as 1995-03-12 or 12/03/1995.")


def birth_date_of_member(written: str, today: date) -> str:
    """Raises Unreadable with code `age_implausible` beyond the ages at which one may work."""
    born_on = day(written)
    if not is_working_age(born_on, today):
        raise Unreadable("age_implausible", f"A member cannot be {age_on(born_on, today)} years old.")
    return born_on.isoformat()


def birth_date_of_dependant(written: str, today: date) -> date:
    """Raises Unreadable with code `age_implausible` for somebody not born yet, or long ago."""
    born_on = day(written)
    if not 0 <= age_on(born_on, today) <= 120:
        raise Unreadable("age_implausible", "Nobody born on this day is alive.")
    return born_on


def past_day(written: str, today: date) -> str:
    """The day of a signature. Raises Unreadable with code `date_ahead` for one in the future."""
    signed_on = day(written)
    if signed_on > today:
        raise Unreadable("date_ahead", "This day lies in the future.")
    return signed_on.isoformat()


def word(column: str, written: str, default: str | None = None) -> str:
    """A word of a closed list. Raises Unreadable with code `word_missing` or `word_unknown`."""
    if not written:
        if default is None:
            raise Unreadable("word_missing", "This is missing.")
        return default
    meant = meaning(column, written)
    if meant is None:
        raise Unreadable("word_unknown", "This word is not known here.")
    return meant


def wage(written: str, currency: str, floor: Money | None) -> str:
    """A monthly wage, in minor units.

    Raises Unreadable with code `wage_missing`, `wage_unreadable`, `wage_below_floor`.
    """
    if not written:
        raise Unreadable("wage_missing", "The declared wage is missing.")
    minor = _minor(written, decimals(currency))
    if minor <= 0:
        raise Unreadable("wage_unreadable", "The wage must be more than zero.")
    if floor is not None and floor.currency == currency and minor < floor.minor:
        raise Unreadable("wage_below_floor", f"The least that may be declared is {floor}.")
    return str(minor)


@lru_cache(maxsize=16_384)
def _minor(written: str, places: int) -> int:
    match = _AMOUNT.fullmatch(written)
    if match is None or len(written) > 20:
        raise Unreadable("wage_unreadable", "Write the amount as 15770.00 or 15,770.00.")
    fraction = (match[2] or "").rstrip("0")
    if len(fraction) > places:
        raise Unreadable("wage_unreadable", f"The amount has more than {places} decimals.")
    return int(match[1].replace(",", "") + fraction.ljust(places, "0"))


def line_of_text(written: str) -> str:
    """A text of one line. Raises Unreadable with code `text_too_long` or `text_characters`."""
    text = " ".join(written.split())
    if len(text) > TEXT_CHARACTERS_MAX:
        raise Unreadable("text_too_long", f"Write at most {TEXT_CHARACTERS_MAX} characters.")
    if not text.isprintable():
        raise Unreadable("text_characters", "There are characters in it that cannot be seen.")
    return text.replace("\\", "\\\\") if "\\" in text else text
