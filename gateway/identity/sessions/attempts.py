"""Guessing made slow: after a few wrong guesses at an address each further one waits longer.

A guess is counted before the password is looked at, and in a transaction of its own: neither the
refusal nor a second guess at the same moment can undo the count. An address that nobody has is
counted as well, so that the answer does not tell who works here.
"""

import hashlib
import math
from datetime import timedelta

from sqlmodel import Session

from gateway.db import engine
from gateway.identity.sessions import queries
from gateway.limits import buckets
from services.kit import clock, context
from services.kit.problems import TooManyRequests

FREE_GUESSES = 5
WAIT_SECONDS_MAX = 900
FORGOTTEN_AFTER = timedelta(days=1)


def wait_seconds(failures: int) -> int:
    """How long the next guess waits after so many wrong ones: none for the first five, then doubling."""
    over = min(failures - FREE_GUESSES, 10)
    return 0 if over <= 0 else min(2**over, WAIT_SECONDS_MAX)


def count(email: str) -> None:
    """Count one guess at an address. Raises TooManyRequests while the address, or the asker, must wait."""
    buckets.guesses().take(context.origin.get() or "")
    with Session(engine()) as session, session.begin():
        known = queries.lock_attempts(session, _hash(email), now=clock.now())
        now = clock.now()  # another guess may have held the lock
        wait = known.last_at + timedelta(seconds=wait_seconds(known.failures)) - now
        if wait_seconds(known.failures) and wait > timedelta():
            raise TooManyRequests(math.ceil(wait.total_seconds()))
        failures = 1 if known.last_at < now - FORGOTTEN_AFTER else known.failures + 1
        queries.keep_attempts(session, _hash(email), failures=failures, last_at=now)


def forget(session: Session, email: str) -> None:
    """Somebody proved themself: their earlier guesses no longer count."""
    queries.forget_attempts(session, _hash(email))


def _hash(email: str) -> bytes:
    return hashlib.sha256(email.encode()).digest()
