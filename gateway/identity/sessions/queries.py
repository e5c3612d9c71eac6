"""SQL of sessions and of guesses."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, delete, text, update
from sqlmodel import Session, col

from gateway.identity.sessions.models import SignInAttempt, UserSession

_SIGNED_IN = text(
    """
    SELECT sessions.id AS session_id, sessions.seen_at, sessions.totp_at,
           staff.id AS staff_id, staff.email, staff.name, staff.language, staff.roots,
           ARRAY(SELECT role FROM staff_roles WHERE staff_id = staff.id ORDER BY role) AS roles
    FROM sessions JOIN staff ON staff.id = sessions.staff_id
    WHERE sessions.secret_hash = :secret_hash AND staff.state = 'active'
      AND sessions.created_at > :created_after AND sessions.seen_at > :seen_after
    """
)


def signed_in(
    session: Session, secret_hash: bytes, *, created_after: datetime, seen_after: datetime
) -> Row[Any] | None:
    """The session with this secret and the person whose it is, if it still holds and they are active."""
    given = {"secret_hash": secret_hash, "created_after": created_after, "seen_after": seen_after}
    return session.execute(_SIGNED_IN, given).one_or_none()


def note_seen(session: Session, session_id: UUID, seen_at: datetime) -> None:
    session.execute(_session(session_id).values(seen_at=seen_at))


def note_code(session: Session, session_id: UUID, totp_at: datetime) -> None:
    session.execute(_session(session_id).values(totp_at=totp_at, seen_at=totp_at))


def end_session(session: Session, session_id: UUID) -> None:
    session.execute(delete(UserSession).where(col(UserSession.id) == session_id))


def end_sessions(session: Session, staff_id: UUID) -> None:
    """End all sessions of one person."""
    session.execute(delete(UserSession).where(col(UserSession.staff_id) == staff_id))


def forget_sessions(session: Session, *, created_before: datetime, seen_before: datetime) -> None:
    """Remove sessions that have ended."""
    ended = (col(UserSession.created_at) <= created_before) | (col(UserSession.seen_at) <= seen_before)
    session.execute(delete(UserSession).where(ended))


def lock_attempts(session: Session, email_hash: bytes, *, now: datetime) -> Row[Any]:
    """The guesses at one address, held until the transaction ends; none so far makes a row of zero."""
    return session.execute(
        text(
            "INSERT INTO sign_in_attempts (email_hash, failures, last_at) VALUES (:email_hash, 0, :now)"
            " ON CONFLICT (email_hash) DO UPDATE SET failures = sign_in_attempts.failures"
            " RETURNING failures, last_at"
        ),
        {"email_hash": email_hash, "now": now},
    ).one()


def keep_attempts(session: Session, email_hash: bytes, *, failures: int, last_at: datetime) -> None:
    row = update(SignInAttempt).where(col(SignInAttempt.email_hash) == email_hash)
    session.execute(row.values(failures=failures, last_at=last_at))


def forget_attempts(session: Session, email_hash: bytes) -> None:
    session.execute(delete(SignInAttempt).where(col(SignInAttempt.email_hash) == email_hash))


def forget_old_attempts(session: Session, *, last_before: datetime) -> None:
    session.execute(delete(SignInAttempt).where(col(SignInAttempt.last_at) <= last_before))


def _session(session_id: UUID) -> Any:
    return (
        update(UserSession)
        .where(col(UserSession.id) == session_id)
        .execution_options(synchronize_session=False)
    )
