"""The wire shapes of a month's figures."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, Field

from services.contributions.periods.models import PeriodClosing
from services.kit.money import Money
from services.kit.periods import Period

Stage = Literal["uncharged", "charged", "filed", "billed", "remitted"]


class AmountOut(BaseModel):
    """A sum, and how many members it is of."""

    amount: Money
    members: int


class AgeOut(BaseModel):
    """Members who owe so many earlier months (the last age: or more), and what of them."""

    months: int
    members: int
    amount: Money


class DayOut(BaseModel):
    """What the month's charges were paid with on one day."""

    on: date
    amount: Money


class MonthOut(BaseModel):
    """A month in a row of them, for a chart. `allocated` is what its charges were paid with."""

    period: Period
    state: Literal["open", "closed"]
    stage: Stage
    charged: AmountOut
    lapsed: AmountOut
    allocated: AmountOut
    declared: AmountOut
    billed: AmountOut
    differences: Money
    remitted: AmountOut
    covered: int
    left_out: int


class PeriodOut(MonthOut):
    """A month's figures, and members' money as it stands.

    `collected` is all that came in and did not go to another month: collected = allocated + credit +
    suspense + refunded. `differences` is billed − declared of what was billed, and the sum of its reasons.
    """

    collected: AmountOut
    credit: Money
    suspense: Money
    refunded: Money
    due_on: date
    cut_off_on: date
    countdown_days: int = Field(description="Days until due; negative when past")
    arrears: list[AgeOut]
    collected_by_day: list[DayOut]


class MonthsOut(BaseModel):
    """The last months, oldest first."""

    items: list[MonthOut]


class ClosingOut(BaseModel):
    """The closing of a period."""

    id: UUID
    period: Period
    state: str
    declared: Money
    billed: Money
    remitted: Money
    asked_by: UUID
    asked_at: datetime
    closed_by: UUID | None
    closed_at: datetime | None

    @classmethod
    def of(cls, row: PeriodClosing) -> "ClosingOut":
        shown = row.model_dump(include=cls.model_fields.keys() & PeriodClosing.model_fields.keys())
        return cls(
            **shown,
            declared=Money(row.declared_minor, row.currency),
            billed=Money(row.billed_minor, row.currency),
            remitted=Money(row.remitted_minor, row.currency),
        )
