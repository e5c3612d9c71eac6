"""Drawing and lapsing in the background."""

from uuid import UUID

from sqlmodel import Session

from services.contributions.db import engine
from services.contributions.declarations import drawing, lapsing
from services.contributions.declarations.filing_checks import Registry
from services.contributions.jobs import jobs


@jobs.task(retries=8)
def draw_declaration(*, declaration_id: str) -> None:
    """Draw up a payroll, some thousands of members in each transaction; goes on after a stop."""
    registry = Registry()
    while drawing.draw_chunk(_open_session, UUID(declaration_id), registry.ask):
        pass


@jobs.task(retries=8)
def lapse_left_out(*, declaration_id: str) -> None:
    """Let the charges of those left out lapse; a second run finds nothing left to do."""
    after: UUID | None = None
    while True:
        with _open_session() as session, session.begin():
            after = lapsing.lapse_chunk(session, UUID(declaration_id), after)
        if after is None:
            return


def _open_session() -> Session:
    return Session(engine(), expire_on_commit=False)
