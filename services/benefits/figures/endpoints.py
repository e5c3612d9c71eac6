"""HTTP face of the figures."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query

from services.benefits.auth import DisbursementsReader
from services.benefits.db import SessionDep
from services.benefits.figures import queries
from services.benefits.figures.schemas import FiguresOut
from services.benefits.settings import settings
from services.kit import clock
from services.kit.money import Money
from services.kit.periods import Period
from services.kit.problems import documented

router = APIRouter(prefix="/v1/figures", tags=["figures"])


@router.get("", responses=documented())
def show_figures(
    reader: DisbursementsReader,
    session: SessionDep,
    period: Annotated[
        str | None,
        Query(pattern="^[12][0-9]{3}-(0[1-9]|1[0-2])$", description="One month; else from the beginning"),
    ] = None,
    currency: Annotated[str | None, Query(pattern="^[A-Z]{3}$")] = None,
) -> FiguresOut:
    """Benefit money received, relayed, returned and waiting, and how long the oldest has waited."""
    month = Period.parse(period) if period else None
    unit = currency or settings().currency
    today = clock.business_today(session)
    first_day, last_day = (month.first_day, month.last_day) if month else (date.min, today)
    moved = queries.moved(session, unit, first_day, last_day)
    before = {what: earlier for what, (earlier, _) in moved.items()}
    within = {what: later for what, (_, later) in moved.items()}
    opening, waiting = _left(before), _left(before) + _left(within)
    now = queries.waiting(session)
    oldest: date | None = now.oldest_waiting_on
    return FiguresOut(
        period=month,
        opening=Money(opening, unit),
        received=Money(within.get("received", 0), unit),
        relayed=Money(within.get("relayed", 0), unit),
        returned=Money(within.get("returned", 0), unit),
        waiting=Money(waiting, unit),
        oldest_waiting_days=(today - oldest).days if oldest else None,
        **now._mapping,
    )


def _left(moved: dict[str, int]) -> int:
    """What came and has neither been relayed nor returned, in minor units."""
    return moved.get("received", 0) - moved.get("relayed", 0) - moved.get("returned", 0)
