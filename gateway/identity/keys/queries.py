"""SQL of signing keys."""

from datetime import datetime

from sqlalchemy import delete, text
from sqlmodel import Session, col, select

from gateway.identity.keys.models import SigningKey


def lock_keys(session: Session) -> None:
    """Let one transaction at a time make or retire keys."""
    session.execute(text("SELECT pg_advisory_xact_lock(hashtext('signing_keys'))"))


def keys(session: Session, *, now: datetime) -> list[SigningKey]:
    """The keys that are published now, the newest first."""
    published = col(SigningKey.published_until).is_(None) | (col(SigningKey.published_until) > now)
    return list(session.exec(select(SigningKey).where(published).order_by(col(SigningKey.signs_from).desc())))


def forget_keys(session: Session, *, now: datetime) -> None:
    """Remove keys whose last token has expired."""
    session.execute(delete(SigningKey).where(col(SigningKey.published_until) <= now))
