"""Where the granting and withdrawing of cover begins: in the transaction that makes either due."""

from uuid import UUID

from sqlmodel import Session

from services.contributions.coverages import jobs, queries
from services.kit.jobs import defer


def grant_later(session: Session, remittance_id: UUID) -> None:
    """Have the members on a confirmed remittance covered, once this transaction has committed."""
    queries.add_run(session, remittance_id, "grant")
    defer(session, jobs.grant_coverage, remittance_id=str(remittance_id))


def withdraw_later(session: Session, remittance_id: UUID) -> None:
    """Have the cover of the members on a returned remittance withdrawn, once this has committed."""
    queries.add_run(session, remittance_id, "withdraw")
    defer(session, jobs.withdraw_coverage, remittance_id=str(remittance_id))
