"""Tables of sessions, and of guesses at signing in."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import DateTime, UniqueConstraint
from sqlmodel import Field

from gateway.db import Table
from services.kit.db import TRANSIENT


class UserSession(Table, table=True):
    """A person's session. The browser holds the secret; here stands its SHA-256 only."""

    __tablename__ = "sessions"
    __table_args__ = (UniqueConstraint("secret_hash"), {"info": TRANSIENT})

    id: UUID = Field(primary_key=True)
    staff_id: UUID = Field(foreign_key="staff.id", index=True)
    secret_hash: bytes
    created_at: datetime = Field(sa_type=DateTime(timezone=True))
    seen_at: datetime = Field(sa_type=DateTime(timezone=True))
    totp_at: datetime = Field(sa_type=DateTime(timezone=True))


class SignInAttempt(Table, table=True):
    """Guesses at one e-mail address since somebody last signed in with it, whether or not it is known."""

    __tablename__ = "sign_in_attempts"
    __table_args__ = {"info": TRANSIENT}  # noqa: RUF012  # SQLAlchemy's own way

    email_hash: bytes = Field(primary_key=True)
    failures: int
    last_at: datetime = Field(sa_type=DateTime(timezone=True))
