"""What the gateway does in the background, and its periodic work."""

from datetime import timedelta

from sqlmodel import Session

from gateway.db import engine
from gateway.identity.keys import service as keys
from gateway.identity.sessions import attempts
from gateway.identity.sessions import queries as sessions
from gateway.identity.tokens.revocations import forget_revocations
from gateway.settings import settings
from services.kit import clock, idempotency, seals
from services.kit.jobs import Jobs

jobs = Jobs("gateway")

KEYS_KEPT = timedelta(days=30)


@jobs.periodic("7 * * * *")
def rotate_signing_keys(*, timestamp: int) -> None:
    """Take a new key to sign with when the present one has served its time."""
    with Session(engine()) as session, session.begin():
        keys.rotate_if_due(session, now=clock.now())


@jobs.periodic(seals.CRON)
def seal_audit(*, timestamp: int) -> None:
    """Seal the audit rows that have settled since the last seal."""
    with Session(engine()) as session, session.begin():
        seals.seal(session, "audit_log")


@jobs.periodic("37 * * * *")
def forget_what_has_ended(*, timestamp: int) -> None:
    """Remove sessions, guesses, revocations and idempotency keys that serve no more."""
    now, limits = clock.now(), settings()
    with Session(engine()) as session, session.begin():
        sessions.forget_sessions(
            session,
            created_before=now - timedelta(hours=limits.session_hours_max),
            seen_before=now - timedelta(minutes=limits.session_idle_minutes_max),
        )
        sessions.forget_old_attempts(session, last_before=now - attempts.FORGOTTEN_AFTER)
        forget_revocations(session, now=now)
        idempotency.forget_keys(session, older_than=now - KEYS_KEPT)
