"""The charging that runs in the background."""

from uuid import UUID

from sqlmodel import Session

from services.contributions.charges import service
from services.contributions.db import engine
from services.contributions.jobs import jobs


@jobs.task(retries=5)
def charge_members(*, run_id: str) -> None:
    """Charge all members of a run, a chunk in each transaction; after a stop it goes on where it was."""
    more = True
    while more:
        with Session(engine()) as session, session.begin():
            more = service.charge_chunk(session, UUID(run_id))
