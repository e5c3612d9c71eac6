"""A period: the calendar month worked, written `2026-07`, in the mutual's own time zone."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

from fastapi import Depends, Query
from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema
from sqlalchemy import Dialect, String
from sqlalchemy.types import TypeDecorator

_WRITTEN = re.compile(r"([12]\d{3})-(0[1-9]|1[0-2])", re.ASCII)


@dataclass(frozen=True, order=True, slots=True)
class Period:
    """One calendar month. Orders and compares by time."""

    year: int
    month: int

    @classmethod
    def parse(cls, written: str) -> "Period":
        """Read `2026-07`; raises ValueError otherwise."""
        match = _WRITTEN.fullmatch(written)
        if match is None:
            raise ValueError(f"{written!r} is not a period; write year and month, for example 2026-07")
        return cls(int(match[1]), int(match[2]))

    @classmethod
    def of(cls, day: date) -> "Period":
        """The period in which `day` falls."""
        return cls(day.year, day.month)

    @property
    def first_day(self) -> date:
        return date(self.year, self.month, 1)

    @property
    def last_day(self) -> date:
        return date(self.year, self.month, monthrange(self.year, self.month)[1])

    def plus(self, months: int) -> "Period":
        """The period `months` later (earlier when negative)."""
        years, month0 = divmod(self.year * 12 + self.month - 1 + months, 12)
        return Period(years, month0 + 1)

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}"

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(
            _read_wire, serialization=core_schema.plain_serializer_function_ser_schema(str)
        )

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return {"type": "string", "pattern": rf"^{_WRITTEN.pattern}$", "examples": ["2026-07"]}


def _read_wire(value: Any) -> Period:
    if isinstance(value, Period):
        return value
    if not isinstance(value, str):
        raise ValueError("a period is a string, for example 2026-07")
    return Period.parse(value)


class PeriodType(TypeDecorator[Period]):
    """A period as a text column (`2026-07`), which sorts as time does."""

    impl = String(7)
    cache_ok = True

    def process_bind_param(self, value: Period | None, dialect: Dialect) -> str | None:
        return None if value is None else str(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Period | None:
        return None if value is None else Period.parse(value)


async def _read_query(
    period: Annotated[
        str | None, Query(pattern=f"^{_WRITTEN.pattern}$", examples=["2026-07"], description="A month")
    ] = None,
) -> Period | None:
    return None if period is None else Period.parse(period)


PeriodQuery = Annotated[Period | None, Depends(_read_query)]
"""`?period=2026-07` of an endpoint, or None."""
