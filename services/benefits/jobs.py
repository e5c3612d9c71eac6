"""What this service does in the background, and its periodic work."""

from datetime import timedelta

from sqlmodel import Session

from services.benefits import matching
from services.benefits.db import engine
from services.kit import clock, idempotency, seals
from services.kit.jobs import Jobs

jobs = Jobs("benefits")

KEYS_KEPT = timedelta(days=30)


@jobs.periodic("*/5 * * * *")
def rematch_quarantine(*, timestamp: int) -> None:
    """Look again at items that matched nobody and whose members are known by now."""
    with Session(engine()) as session:
        waiting = matching.newly_held(session)
    for disbursement_id in waiting:
        with Session(engine(), expire_on_commit=False) as session, session.begin():
            matching.rematch(session, disbursement_id)


@jobs.periodic(seals.CRON)
def seal_books(*, timestamp: int) -> None:
    """Seal the ledger and audit rows that have settled since the last seal."""
    for table in ("ledger_entries", "audit_log"):
        with Session(engine()) as session, session.begin():
            seals.seal(session, table)


@jobs.periodic("41 3 * * *")
def forget_keys(*, timestamp: int) -> None:
    """Remove idempotency keys that are older than their 30 days."""
    with Session(engine()) as session, session.begin():
        idempotency.forget_keys(session, older_than=clock.now() - KEYS_KEPT)
