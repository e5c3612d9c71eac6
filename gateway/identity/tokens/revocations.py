"""Refusing tokens before they expire: the person was deactivated, a role withdrawn, a secret changed.

A revocation is a row, and is called out to every gateway process (`watching`) as it is committed; each
keeps the few that matter, those younger than a token can be old, and asks nobody while it serves.
"""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, event, text
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, select

from gateway.identity.tokens.models import Revocation
from services.kit import clock, tokens
from services.kit.problems import Unauthorized

CHANNEL = "amparo_revocations"
_KEPT = timedelta(seconds=tokens.LIFETIME_SECONDS) + timedelta(minutes=5)


class Revoked:
    """The revocations that this process knows; `is_current` is False until it is told of each."""

    def __init__(self) -> None:
        self.is_current = False
        self._before: dict[str, float] = {}

    def note(self, subject: str, before: float) -> None:
        self._before[subject] = max(before, self._before.get(subject, 0.0))

    def forget_older(self, than: float) -> None:
        self._before = {subject: before for subject, before in self._before.items() if before > than}

    def refuses(self, claims: dict[str, Any]) -> bool:
        before = self._before.get(str(claims.get("sub")))
        return before is not None and float(claims["iat"]) <= before


revoked = Revoked()


def revoke(session: Session, subject: UUID) -> None:
    """Refuse every token made for `subject` until now, in all gateway processes, once this is committed."""
    before = clock.now()
    row = insert(Revocation).values(subject=subject, before=before)
    session.execute(row.on_conflict_do_update(index_elements=["subject"], set_={"before": before}))
    stamp = before.timestamp()
    session.execute(
        text("SELECT pg_notify(:channel, :payload)"),
        {"channel": CHANNEL, "payload": f"{subject} {stamp}"},
    )
    # This process answers the next request before the call could have come back to it.
    event.listen(session, "after_commit", lambda _: revoked.note(str(subject), stamp), once=True)


def read_again(session: Session) -> None:
    """Note every revocation that some living token may fall under."""
    since = clock.now() - _KEPT
    revoked.forget_older(since.timestamp())
    for row in session.exec(select(Revocation).where(col(Revocation.before) > since)):
        revoked.note(str(row.subject), row.before.timestamp())


def ensure_not_revoked(claims: dict[str, Any]) -> None:
    """Raises Unauthorized for a token that was revoked, as far as this process knows."""
    if revoked.refuses(claims):
        raise Unauthorized("The token was withdrawn; sign in or ask /oauth/token again.")


def forget_revocations(session: Session, *, now: datetime) -> None:
    """Remove revocations of tokens that have all expired since."""
    session.execute(delete(Revocation).where(col(Revocation.before) <= now - _KEPT))
