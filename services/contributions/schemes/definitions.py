"""What a scheme is: payers, dated parameters and lines, as data that anyone can read and check.

A scheme has any number of payers (worker, employer of record, State, sponsor), lines that are a
percentage of a base or an amount per head, any currency, and months, quarters or years as periods.
The files in `data/` hold them; this module says what such a file may contain, `consistency` whether
its parts agree. A figure holds until the next one begins, so there are neither gaps nor overlaps to
be written; what a file can still get wrong is refused when it is read.
"""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from services.contributions.calendars import DueRule
from services.contributions.datafiles import Day, Figure, Strict

Code = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]{0,39}$")]
Key = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,20}$")]
Unit = Literal["money", "percent", "number"]
Rounding = Literal["half_up", "down"]
LineKind = Literal["contribution", "dependants", "fee"]
Head = Literal["member", "additional_dependant", "beneficiary"]


class Named(Strict):
    """A text for people, in the languages of the product."""

    en: Annotated[str, Field(min_length=1)]
    es: Annotated[str, Field(min_length=1)]

    def in_language(self, language: str) -> str:
        return self.es if language == "es" else self.en


class Row(Strict):
    """One figure, valid from a day and known from a day: a fee may be announced after it began."""

    valid_from: Day
    known_from: Day
    value: Figure | dict[Key, Figure]
    source: str
    note: str | None = None
    known_from_assumed: bool = False


class Parameter(Strict):
    """A dated figure of the law, or of the mutual (`set_by: mutual`), which may have none."""

    name: Named
    unit: Unit
    by: Code | None = None
    set_by: Literal["law", "mutual"] = "law"
    values: tuple[Row, ...]


class Payer(Strict):
    """Who owes a line. `collected` is true when the member pays it to the mutual."""

    code: Code
    name: Named
    collected: bool


class MemberClass(Strict):
    """What of a member, besides the wage, chooses figures: a risk class, an occupation."""

    name: Code
    values: Annotated[tuple[Key, ...], Field(min_length=1)]


class Cap(Strict):
    """The base counts up to `parameter` × `times` (both parameters)."""

    parameter: Code
    times: Code


class Floor(Strict):
    """The least wage. Below it the wage is lifted, or the member is refused."""

    parameter: Code
    row: Key | None = None
    when_below: Literal["lift", "refuse"]
    source: str


class Line(Strict):
    """What one payer owes for one branch: `rate` of a base, or `amount` per head."""

    code: Code
    name: Named
    branch: Code
    kind: LineKind
    payer: Code
    rank: Annotated[int, Field(ge=0, le=999)]
    rate: Code | None = None
    base: Code = "wage"
    cap: Cap | None = None
    amount: Code | None = None
    per: Head = "member"
    when: Code | None = None

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if (self.rate is None) == (self.amount is None):
            raise ValueError("give either rate or amount")
        if self.amount is not None and (self.cap is not None or self.base != "wage"):
            raise ValueError("base and cap belong to a rate")
        if self.rate is not None and self.per != "member":
            raise ValueError("per belongs to an amount")
        if self.base != "wage" and self.cap is not None:
            raise ValueError("a cap belongs to the wage")
        return self


class SchemeCalendar(Strict):
    country: Annotated[str, Field(pattern="^[A-Z]{2}$")]
    due: DueRule
    source: str


class Scheme(Strict):
    """The dated rules of one social security."""

    code: Code
    name: Named
    country: Annotated[str, Field(pattern="^[A-Z]{2}$")]
    currency: str
    period: Literal["month", "quarter", "year"]
    in_force_on: Literal["first_day", "last_day"] = "first_day"
    rounding: Rounding
    uses_wage: bool
    calendar: SchemeCalendar
    sources: dict[str, Annotated[str, Field(min_length=1)]]
    payers: Annotated[tuple[Payer, ...], Field(min_length=1)]
    member_class: MemberClass | None = None
    tables: dict[Code, tuple[Key, ...]] = Field(default_factory=dict)
    switches: dict[Code, Named] = Field(default_factory=dict)
    floor: Floor | None = None
    parameters: dict[Code, Parameter]
    lines: Annotated[tuple[Line, ...], Field(min_length=1)]

    def keys_of(self, parameter: Parameter) -> tuple[str, ...]:
        """The keys that a parameter's values have; none when each is one figure."""
        if parameter.by is None:
            return ()
        if self.member_class and parameter.by == self.member_class.name:
            return self.member_class.values
        return self.tables.get(parameter.by, ())

    def payer(self, code: str) -> Payer:
        return next(payer for payer in self.payers if payer.code == code)
