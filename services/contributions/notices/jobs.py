"""The comparison that runs in the background."""

from uuid import UUID

from sqlmodel import Session

from services.contributions.db import engine
from services.contributions.jobs import jobs
from services.contributions.notices import comparing


@jobs.task(retries=5)
def compare_notice(*, notice_id: str) -> None:
    """Compare a notice with its declaration; a second run finds it compared."""
    with Session(engine()) as session, session.begin():
        comparing.compare_notice(session, UUID(notice_id))
