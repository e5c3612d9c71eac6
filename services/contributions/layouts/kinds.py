"""How each kind of field is written and read: width, filling and what is refused.

Conventions of TSS / SUIR Plus (Instructivo v6.0): amounts have 16 characters, zero-filled, a point
and two decimals, no sign, zero when unused; days are DDMMAAAA; text is upper-case ASCII, left-justified;
documents stand without dashes; the RNC is right-justified with spaces on its left.
"""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, Literal

from services.contributions.layouts.text import to_document_number, to_state_text
from services.kit.periods import Period

Kind = Literal[
    "constant", "text", "document", "number_right", "digits", "choice", "date", "money", "period", "count"
]
Write = Callable[[Any, int], str]
Read = Callable[[str], Any]


def fit(written: str, length: int) -> str:
    """`written`, refused if it is longer than its field. Nothing is ever cut off."""
    if len(written) > length:
        raise ValueError(f"has {len(written)} characters, and {length} fit")
    return written


def write_text(value: str, length: int) -> str:
    return fit(to_state_text(value), length).ljust(length)


def write_document(value: str, length: int) -> str:
    return fit(to_document_number(value), length).ljust(length)


def write_number_right(value: str, length: int) -> str:
    return fit(to_document_number(value), length).rjust(length)


def write_digits(value: int | str, length: int) -> str:
    written = str(value)
    if not (written.isascii() and written.isdigit()):
        raise ValueError("must be digits")
    return fit(written, length).zfill(length)


def write_choice(value: str, length: int) -> str:
    return fit(value, length).ljust(length)


def write_date(value: date, length: int) -> str:
    return f"{value.day:02d}{value.month:02d}{value.year:04d}"


def write_money(value: int, length: int) -> str:
    """Minor units (hundredths) as `0000000049250.00`."""
    if value < 0:
        raise ValueError("must not be less than zero: the layout has no sign")
    digits = fit(f"{value:0{length - 1}d}", length - 1)
    return f"{digits[:-2]}.{digits[-2:]}"


def write_period(value: Period, length: int) -> str:
    return f"{value.month:02d}{value.year:04d}"


def read_padded(written: str) -> str | None:
    return written.rstrip(" ") or None


def read_number_right(written: str) -> str | None:
    return written.lstrip(" ") or None


def read_digits(written: str) -> str:
    if not written.isdigit():
        raise ValueError("must be digits")
    return written


def read_date(written: str) -> date | None:
    if not written.strip():
        return None
    try:
        return date(int(written[4:]), int(written[2:4]), int(written[:2]))
    except ValueError:
        raise ValueError("is not a day as DDMMAAAA") from None


def read_money(written: str) -> int:
    whole, point, decimals = written[:-3], written[-3], written[-2:]
    if point != "." or not (whole + decimals).isdigit():
        raise ValueError("is not an amount as 0000000049250.00")
    return int(whole + decimals)


def read_period(written: str) -> Period:
    return Period.parse(f"{written[2:]}-{written[:2]}")


def read_count(written: str) -> int:
    return int(read_digits(written))


WRITERS: dict[Kind, Write] = {
    "text": write_text,
    "document": write_document,
    "number_right": write_number_right,
    "digits": write_digits,
    "choice": write_choice,
    "date": write_date,
    "money": write_money,
    "period": write_period,
    "count": write_digits,
}

READERS: dict[Kind, Read] = {
    "constant": str,
    "text": read_padded,
    "document": read_padded,
    "number_right": read_number_right,
    "digits": read_digits,
    "choice": read_padded,
    "date": read_date,
    "money": read_money,
    "period": read_period,
    "count": read_count,
}


def are_plain_documents(values: Sequence[Any], length: int) -> bool:
    """Whether all are documents as they are written, seen at once: the quick way for a million."""
    try:
        together = "".join(values)
    except TypeError:
        return False
    return (
        together.isascii()
        and together.isalnum()
        and together == together.upper()
        and "" not in values
        and len(max(values, key=len)) <= length
    )
