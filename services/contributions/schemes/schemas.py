"""What schemes look like on the wire: every figure with its dates and its source."""

from datetime import date
from decimal import Decimal
from typing import Annotated

from pydantic import BaseModel, Field

from services.contributions.schemes.definitions import Row, Scheme, Unit
from services.contributions.schemes.parameters import InForce
from services.contributions.schemes.wording import Language


class FigureOut(BaseModel):
    """A figure in force, with the day it holds from, the day it was known, and who set it."""

    parameter: str
    name: str
    unit: Unit
    value: str | dict[str, str]
    valid_from: date
    known_from: date
    known_from_assumed: bool = Field(description="No source gives the day of announcement.")
    source: str
    note: str | None

    @classmethod
    def of(cls, used: InForce, language: Language) -> "FigureOut":
        return cls.of_row(used.code, used.name.in_language(language), used.unit, used.row, used.source)

    @classmethod
    def of_row(cls, parameter: str, name: str, unit: Unit, row: Row, source: str) -> "FigureOut":
        return cls(
            parameter=parameter,
            name=name,
            unit=unit,
            value=_written(row.value),
            valid_from=row.valid_from,
            known_from=row.known_from,
            known_from_assumed=row.known_from_assumed,
            source=source,
            note=row.note,
        )


class SchemeOut(BaseModel):
    code: Annotated[str, Field(examples=["do-sdss"])]
    name: str
    country: str
    currency: str
    period: str
    due: str = Field(examples=["working day 3 of the month after the period"])

    @classmethod
    def of(cls, scheme: Scheme, language: Language) -> "SchemeOut":
        return cls(**_head(scheme, language))


class SchemesOut(BaseModel):
    items: list[SchemeOut]


class SchemeDetailOut(SchemeOut):
    """A scheme with all its figures, past and announced ones too."""

    member_class: str | None
    member_class_values: list[str]
    switches: dict[str, str]
    figures: list[FigureOut]

    @classmethod
    def of(cls, scheme: Scheme, language: Language) -> "SchemeDetailOut":
        figures = [
            FigureOut.of_row(
                code, parameter.name.in_language(language), parameter.unit, row, scheme.sources[row.source]
            )
            for code, parameter in scheme.parameters.items()
            for row in parameter.values
        ]
        member_class = scheme.member_class
        return cls(
            **_head(scheme, language),
            member_class=member_class.name if member_class else None,
            member_class_values=list(member_class.values) if member_class else [],
            switches={code: text.in_language(language) for code, text in scheme.switches.items()},
            figures=figures,
        )


def _written(value: Decimal | dict[str, Decimal]) -> str | dict[str, str]:
    if isinstance(value, Decimal):
        return format(value, "f")
    return {key: format(figure, "f") for key, figure in value.items()}


def _head(scheme: Scheme, language: Language) -> dict[str, str]:
    due = scheme.calendar.due
    return {
        "code": scheme.code,
        "name": scheme.name.in_language(language),
        "country": scheme.country,
        "currency": scheme.currency,
        "period": scheme.period,
        "due": f"working day {due.working_day}, {due.months_after} month(s) after the period",
    }
