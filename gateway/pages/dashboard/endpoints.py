"""HTTP face of the first page."""

from typing import Annotated

from fastapi import Query, Response

from gateway.pages.dashboard.asking import ask, month_in_hand
from gateway.pages.dashboard.presenting import dashboard
from gateway.pages.routes import page_router
from gateway.pages.visits import VisitDep
from services.kit.periods import Period

router = page_router()


@router.get("")
async def show_dashboard(
    reader: VisitDep,
    period: Annotated[str | None, Query(pattern="^[12][0-9]{3}-(0[1-9]|1[0-2])$")] = None,
) -> Response:
    """Where the month stands, and what waits for the reader; another month with `period`."""
    month = Period.parse(period) if period else await month_in_hand(reader)
    return reader.page("dashboard/show.html", view=dashboard(await ask(reader, month), reader))
