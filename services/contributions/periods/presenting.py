"""From figures to what the dashboard and the chart show."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from services.contributions.periods.figures import Age, Day, Figures, Position
from services.contributions.periods.schemas import AgeOut, AmountOut, DayOut, MonthOut, PeriodOut, Stage
from services.kit.money import Money
from services.kit.periods import Period


def month(figures: Figures, currency: str) -> MonthOut:
    """One month of the chart."""
    return MonthOut(**_fields(figures, currency))


def period(
    figures: Figures,
    position: Position,
    currency: str,
    *,
    due_on: date,
    cut_off_on: date,
    today: date,
    arrears: Sequence[Age],
    days: Sequence[Day],
) -> PeriodOut:
    """A month's figures; what other months took of the money that came in is not this one's."""
    elsewhere_minor = position.allocated_minor - figures.allocated_minor
    collected = Money(position.collected_minor - elsewhere_minor, currency)
    return PeriodOut(
        **_fields(figures, currency),
        collected=AmountOut(amount=collected, members=figures.members_settled),
        credit=Money(position.credit_minor, currency),
        suspense=Money(position.suspense_minor, currency),
        refunded=Money(position.refunded_minor, currency),
        due_on=due_on,
        cut_off_on=cut_off_on,
        countdown_days=(due_on - today).days,
        arrears=[
            AgeOut(months=age.months, members=age.members, amount=Money(age.minor, currency))
            for age in arrears
        ],
        collected_by_day=[DayOut(on=day.on, amount=Money(day.minor, currency)) for day in days],
    )


def _fields(figures: Figures, currency: str) -> dict[str, Any]:
    def amount(minor: int, members: int) -> AmountOut:
        return AmountOut(amount=Money(minor, currency), members=members)

    return {
        "period": Period.parse(figures.period),
        "state": "closed" if figures.is_closed else "open",
        "stage": _stage(figures),
        "charged": amount(figures.charged_minor, figures.members_charged),
        "lapsed": amount(figures.lapsed_minor, figures.members_lapsed),
        "allocated": amount(figures.allocated_minor, figures.members_settled),
        "declared": amount(figures.declared_minor, figures.members_declared),
        "billed": amount(figures.billed_minor, figures.members_billed),
        "differences": Money(figures.differences_minor, currency),
        "remitted": amount(figures.remitted_minor, figures.members_remitted),
        "covered": figures.covered,
        "left_out": figures.left_out,
    }


def _stage(figures: Figures) -> Stage:
    """The last step that was taken."""
    if figures.remitted_minor:
        return "remitted"
    if figures.billed_minor:
        return "billed"
    if figures.members_declared:
        return "filed"
    return "charged" if figures.members_charged else "uncharged"
