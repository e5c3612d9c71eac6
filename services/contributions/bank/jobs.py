"""The import that runs in the background."""

from uuid import UUID

from sqlmodel import Session

from services.contributions.bank import service
from services.contributions.db import engine
from services.contributions.jobs import jobs


@jobs.task(retries=5)
def import_statement(*, statement_id: str) -> None:
    """Import a statement's lines, some thousands in each transaction; goes on after a stop."""
    with Session(engine()) as session, session.begin():
        service.write_lines(session, UUID(statement_id))
    more = True
    while more:
        with Session(engine()) as session, session.begin():
            more = service.settle_chunk(session, UUID(statement_id))
