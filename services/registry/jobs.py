"""What the registry does in the background: reading rosters, and verifying whom they brought."""

from datetime import timedelta
from uuid import UUID

from sqlmodel import Session

from services.kit import clock, idempotency, seals
from services.kit.jobs import Jobs, defer
from services.registry.db import engine
from services.registry.imports import progress
from services.registry.imports.running import run_import
from services.registry.imports.verifying import verify_import

jobs = Jobs("registry")


@jobs.task(retries=5)
def read_roster(*, import_id: str) -> None:
    """Read a roster, or go on where it was left."""
    run_import(engine(), UUID(import_id))


@jobs.task(retries=5)
def verify_roster(*, import_id: str) -> None:
    """Verify whom a roster brought, or go on where it was left."""
    verify_import(engine(), UUID(import_id))


@jobs.periodic("*/10 * * * *")
def resume_rosters(*, timestamp: int) -> None:
    """Have those read on that nothing has happened to for a while; one that is being read is left alone."""
    with Session(engine()) as session, session.begin():
        for import_id in progress.stalled(session):
            defer(session, read_roster, import_id=str(import_id))


@jobs.periodic(seals.CRON)
def seal_audit(*, timestamp: int) -> None:
    """Seal what was noted since, so that no later change stays unseen."""
    with Session(engine()) as session, session.begin():
        seals.seal(session, "audit_log")


@jobs.periodic("23 4 * * *")
def forget_keys(*, timestamp: int) -> None:
    """Forget Idempotency-Keys after their 30 days."""
    with Session(engine()) as session, session.begin():
        idempotency.forget_keys(session, older_than=clock.now() - timedelta(days=30))


@jobs.periodic("43 4 * * *")
def forget_errors(*, timestamp: int) -> None:
    """Forget what was wrong with rosters long done: it quotes people's data."""
    with Session(engine()) as session, session.begin():
        progress.forget_errors(session)
