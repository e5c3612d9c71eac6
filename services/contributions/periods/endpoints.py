"""HTTP face of periods: figures for the dashboard and the chart, and the closing."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query

from services.contributions.auth import PeriodsReader, Treasurer
from services.contributions.calendars import calendar_of, due_on
from services.contributions.db import SessionDep
from services.contributions.declarations import last_value_on
from services.contributions.periods import figures, presenting, problems, service
from services.contributions.periods.schemas import MonthsOut, PeriodOut
from services.contributions.schemes import scheme_in_use
from services.contributions.settings import settings
from services.kit import clock
from services.kit.approvals_api import ApprovalOut
from services.kit.db import raw
from services.kit.periods import Period
from services.kit.problems import documented

router = APIRouter(prefix="/v1/periods", tags=["periods"])

MONTHS_MAX = 60


async def _read_path(
    period: Annotated[
        str, Path(pattern=r"^[12]\d{3}-(0[1-9]|1[0-2])$", examples=["2026-07"], description="A month")
    ],
) -> Period:
    return Period.parse(period)


PeriodPath = Annotated[Period, Depends(_read_path)]


@router.get("", responses=documented())
def list_periods(
    reader: PeriodsReader,
    session: SessionDep,
    last: Annotated[int, Query(ge=1, le=MONTHS_MAX, description="How many months")] = 12,
) -> MonthsOut:
    """The last months up to the current one, oldest first."""
    current = Period.of(clock.business_today(session))
    asked = [current.plus(-back) for back in reversed(range(last))]
    currency = scheme_in_use(settings().scheme).currency
    return MonthsOut(items=[presenting.month(one, currency) for one in figures.figures(raw(session), asked)])


@router.get("/{period}", responses=documented())
def read_period(period: PeriodPath, reader: PeriodsReader, session: SessionDep) -> PeriodOut:
    """A month's figures: charged, collected, declared, billed, remitted, covered, and what is in arrears."""
    connection, today = raw(session), clock.business_today(session)
    scheme = scheme_in_use(settings().scheme)
    [found] = figures.figures(connection, [period])
    return presenting.period(
        found,
        figures.position(connection),
        scheme.currency,
        due_on=due_on(calendar_of(scheme.calendar.country), scheme.calendar.due, period, today),
        cut_off_on=last_value_on(session, period),
        today=today,
        arrears=figures.arrears(connection, period),
        days=figures.days(connection, period),
    )


@router.post("/{period}/closings", status_code=202, responses=documented(*problems.WHEN_CLOSING))
def ask_to_close(period: PeriodPath, treasurer: Treasurer, session: SessionDep) -> ApprovalOut:
    """Ask a second person to close a month: afterwards it is neither charged nor declared any more."""
    return ApprovalOut.of(service.ask_to_close(session, period, by=treasurer))
