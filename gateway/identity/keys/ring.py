"""The keys in the hands of this process: read from the database now and then, and trusted by it."""

import threading
import time
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session

from gateway.db import engine
from gateway.identity.keys import service
from services.kit import clock, secrets, tokens

# Much shorter than a key is published before it signs.
READ_EVERY_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Key:
    """A key as it is used: its private half in PEM."""

    kid: str
    public_jwk: dict[str, Any]
    private_pem: str
    signs_from: datetime


class _Ring:
    def __init__(self) -> None:
        self.keys: tuple[Key, ...] = ()
        self.read_at = -READ_EVERY_SECONDS
        self.lock = threading.Lock()

    def read(self) -> tuple[Key, ...]:
        """The published keys, the newest first, at most half a minute old."""
        if time.monotonic() - self.read_at >= READ_EVERY_SECONDS:
            with self.lock:
                if time.monotonic() - self.read_at >= READ_EVERY_SECONDS:
                    try:
                        self._read_again()
                    except SQLAlchemyError:
                        if not self.keys:  # else those at hand are still good
                            raise
        return self.keys

    def _read_again(self) -> None:
        known = {key.kid: key for key in self.keys}
        with Session(engine()) as session, session.begin():
            stored = service.ensure_key(session, now=clock.now())
            self.keys = tuple(
                known.get(row.kid)
                or Key(
                    row.kid,
                    row.public_jwk,
                    secrets.decrypt(row.private_sealed, purpose=service.PURPOSE),
                    row.signs_from,
                )
                for row in stored
            )
        self.read_at = time.monotonic()
        if {key.kid for key in self.keys} != known.keys():
            tokens.trust({"keys": [key.public_jwk for key in self.keys]})


_ring = _Ring()


def read() -> None:
    """Have this process trust the gateway's keys as they are published now."""
    _ring.read()


def signing_key() -> Key:
    """The key to sign with now: the newest whose time has come."""
    now = clock.now()
    keys = _ring.read()
    # Another process may have made the first key a moment ahead of our clock.
    return next((key for key in keys if key.signs_from <= now), keys[-1])


def jwks() -> dict[str, Any]:
    """What `/.well-known/jwks.json` answers."""
    return {"keys": [key.public_jwk for key in _ring.read()]}


def forget() -> None:
    """Forget what was read, so that it is read again when it is next needed."""
    _ring.keys, _ring.read_at = (), -READ_EVERY_SECONDS
