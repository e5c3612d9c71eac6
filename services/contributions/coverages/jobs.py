"""Granting and withdrawing in the background, a chunk in each transaction; after a stop they go on."""

from uuid import UUID

from sqlmodel import Session

from services.contributions.coverages import service
from services.contributions.db import engine
from services.contributions.jobs import jobs


@jobs.task(retries=8)
def grant_coverage(*, remittance_id: str) -> None:
    """Cover the members on a notice that was paid."""
    more = True
    while more:
        with Session(engine()) as session, session.begin():
            more = service.grant_chunk(session, UUID(remittance_id))


@jobs.task(retries=8)
def withdraw_coverage(*, remittance_id: str) -> None:
    """Withdraw what a returned remittance had covered."""
    more = True
    while more:
        with Session(engine()) as session, session.begin():
            more = service.withdraw_chunk(session, UUID(remittance_id))
