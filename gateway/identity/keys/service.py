"""What is done with signing keys.

A key is published before it signs, so that whoever reads the keys when it meets a new one finds it
there even if it has read them just before; and it stays published until its last token has expired.
"""

import base64
import hashlib
import json
from datetime import datetime, timedelta

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from sqlmodel import Session

from gateway.identity.keys import queries
from gateway.identity.keys.models import SigningKey
from services.kit import audit, secrets, tokens

PURPOSE = "signing-key"
PUBLISHED_BEFORE = timedelta(minutes=5)
PUBLISHED_AFTER = timedelta(seconds=tokens.LIFETIME_SECONDS) + timedelta(minutes=5)
ROTATED_EVERY = timedelta(days=30)


def ensure_key(session: Session, *, now: datetime) -> list[SigningKey]:
    """The published keys, the newest first; the very first is made here and signs at once."""
    if found := queries.keys(session, now=now):
        return found
    queries.lock_keys(session)
    if not (found := queries.keys(session, now=now)):
        found = [_make_key(session, signs_from=now)]
    return found


def rotate_if_due(session: Session, *, now: datetime) -> bool:
    """Rotate when the newest key has signed for its time; says whether it did."""
    newest = ensure_key(session, now=now)[0]
    if newest.signs_from + ROTATED_EVERY > now:
        return False
    rotate(session, now=now)
    return True


def rotate(session: Session, *, now: datetime) -> SigningKey:
    """Publish a new key, which signs a little later, and forget those that nobody needs any more."""
    queries.lock_keys(session)
    made = _make_key(session, signs_from=now + PUBLISHED_BEFORE)
    for older in queries.keys(session, now=now):
        if older.kid != made.kid and older.published_until is None:
            older.published_until = made.signs_from + PUBLISHED_AFTER
    queries.forget_keys(session, now=now)
    return made


def _make_key(session: Session, *, signs_from: datetime) -> SigningKey:
    private = ec.generate_private_key(ec.SECP256R1())
    pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    point = private.public_key().public_numbers()
    jwk = {"crv": "P-256", "kty": "EC", "x": _coordinate(point.x), "y": _coordinate(point.y)}
    # The thumbprint of RFC 7638: members in this order, without blanks.
    kid = _base64url(hashlib.sha256(json.dumps(jwk, separators=(",", ":")).encode()).digest())
    made = SigningKey(
        kid=kid,
        public_jwk={**jwk, "kid": kid, "alg": tokens.ALGORITHM, "use": "sig"},
        private_sealed=secrets.encrypt(pem, purpose=PURPOSE),
        signs_from=signs_from,
    )
    session.add(made)
    session.flush()
    audit.write(session, "keys.make", audit.SYSTEM, by=None, details={"kid": kid})
    return made


def _coordinate(number: int) -> str:
    return _base64url(number.to_bytes(32))


def _base64url(octets: bytes) -> str:
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode()
