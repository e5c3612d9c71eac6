"""Bank profiles: how one bank writes its statements, as data; and a statement's lines read by one.

A line that cannot be read is reported with its line, column, value and reason; the others go in.
"""

import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Annotated, BinaryIO

from pydantic import Field

from services.contributions.bank.problems import UnknownProfile
from services.contributions.datafiles import Strict, read_file
from services.kit.money import Money
from services.kit.sheets import Column, Limits, read_sheet

LIMITS = Limits()
_DATA = Path(__file__).parent / "data"


class ProfileName(Strict):
    en: str
    es: str


class Columns(Strict):
    """The headings that each column goes by. Either `amount` (signed), or `debit` and `credit`."""

    value_on: tuple[str, ...]
    reference: tuple[str, ...]
    description: tuple[str, ...]
    debit: tuple[str, ...] = ()
    credit: tuple[str, ...] = ()
    amount: tuple[str, ...] = ()


class Profile(Strict):
    """How one bank writes its statements."""

    code: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]*$")]
    name: ProfileName
    currency: str
    columns: Columns
    date_formats: Annotated[tuple[str, ...], Field(min_length=1)]
    decimal_point: Annotated[str, Field(pattern=r"^[.,]$")] = "."
    benefit_payers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StatementLine:
    """One movement. `amount_minor` is positive for money in.

    `occurrence` counts equal lines of one file: two equal deposits on a day are two deposits.
    """

    line_number: int
    value_on: date
    amount_minor: int
    reference: str
    description: str
    fingerprint: bytes
    occurrence: int


@dataclass(frozen=True, slots=True)
class RejectedLine:
    """A line that could not be read, and why."""

    line_number: int
    column: str
    value: str
    reason: str


@lru_cache
def profiles() -> dict[str, Profile]:
    """All bank profiles in the package, by code."""
    read = [read_file(path, Profile) for path in sorted(_DATA.glob("*.yaml"))]
    return {profile.code: profile for profile in read}


def profile(code: str) -> Profile:
    """One bank profile. Raises UnknownProfile."""
    try:
        return profiles()[code]
    except KeyError:
        raise UnknownProfile(f"Choose one of: {', '.join(profiles())}.") from None


def read_statement(
    file: BinaryIO, layout: Profile, *, filename: str | None = None
) -> Iterator[StatementLine | RejectedLine]:
    """The lines of a statement in their order. Raises the problems of `kit.sheets` for a file as a whole."""
    sheet = read_sheet(file, _wanted(layout), filename=filename, limits=LIMITS)
    seen: Counter[bytes] = Counter()
    for row in sheet.rows:
        try:
            value_on = _date(row.cells["value_on"], layout)
            amount_minor = _amount(row.cells, layout)
        except _Unreadable as fault:
            yield RejectedLine(row.line, fault.column, fault.value[:200], fault.reason)
            continue
        reference, description = row.cells["reference"].strip(), row.cells["description"].strip()
        written = f"{value_on}|{amount_minor}|{reference}|{description}"
        fingerprint = hashlib.sha256(written.encode()).digest()[:16]
        yield StatementLine(
            row.line, value_on, amount_minor, reference, description, fingerprint, seen[fingerprint]
        )
        seen[fingerprint] += 1


class _Unreadable(Exception):
    def __init__(self, column: str, value: str, reason: str) -> None:
        self.column, self.value, self.reason = column, value, reason


def _wanted(layout: Profile) -> list[Column]:
    needed = {"value_on"} | ({"amount"} if layout.columns.amount else {"credit"})
    given = layout.columns.model_dump()
    return [Column(name, headings, name in needed) for name, headings in given.items() if headings]


def _date(written: str, layout: Profile) -> date:
    for form in layout.date_formats:
        try:
            return datetime.strptime(written.strip(), form).date()  # noqa: DTZ007  # a date has no zone
        except ValueError:
            continue
    raise _Unreadable("value_on", written, "not a date; write for example 31/07/2026")


def _amount(cells: dict[str, str], layout: Profile) -> int:
    """Signed minor units: credit minus debit, or the signed amount."""
    if layout.columns.amount:
        amount = _minor("amount", cells["amount"], layout)
    else:
        amount = _minor("credit", cells["credit"], layout) - abs(
            _minor("debit", cells.get("debit", ""), layout)
        )
    if amount == 0:
        raise _Unreadable("credit", cells.get("credit", ""), "no amount on this line")
    return amount


def _minor(column: str, written: str, layout: Profile) -> int:
    bare = written.strip().replace("RD$", "").replace("$", "").replace(" ", "")
    if not bare:
        return 0
    thousands = "," if layout.decimal_point == "." else "."
    plain = bare.replace(thousands, "").replace(layout.decimal_point, ".")
    try:
        return Money.parse(plain, layout.currency).minor
    except ValueError as error:
        raise _Unreadable(column, written, str(error)) from None
