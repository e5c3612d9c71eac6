"""Tokens of any principal, signed with a key of the run's own that the services are told to trust.

    headers = tokens.headers(tokens.staff("members:read"))
    headers = tokens.headers(tokens.staff("members:verify", totp=True, roots=[organisation_id]))
    headers = tokens.headers(tokens.client("agency:notices", agency="TSS"))
    headers = tokens.headers(tokens.service())

Every call makes another person or system; keep one, or give `subject`, to be the same twice.
"""

import base64
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from services.kit import clock, ids, tokens
from services.kit.principals import Kind, Principal

KID = "key-of-the-tests"


def staff(
    *scopes: str,
    totp: bool = False,
    roots: Sequence[UUID] | None = None,
    subject: UUID | None = None,
    totp_at: datetime | None = None,
) -> Principal:
    """A person with these rights; `totp` says that they have just given a one-time code."""
    given_at = totp_at or (clock.now() if totp else None)
    return _principal("staff", scopes, roots=roots, subject=subject, totp_at=given_at)


def client(*scopes: str, agency: str | None = None, subject: UUID | None = None) -> Principal:
    """A system outside with these rights, perhaps of an agency of the State."""
    return _principal("client", scopes, agency=agency, subject=subject)


def service(*scopes: str) -> Principal:
    """Another part of Amparo."""
    return _principal("service", scopes or ("internal",))


def headers(principal: Principal) -> dict[str, str]:
    """What the principal sends with each request."""
    return {"Authorization": f"Bearer {token(principal)}"}


def token(principal: Principal, **claims: Any) -> str:
    """An access token; `claims` replace or add to what the principal says, to send a wrong one."""
    said: dict[str, Any] = {
        "sub": str(principal.subject),
        "kind": principal.kind,
        "scope": " ".join(sorted(principal.scopes)),
    }
    if principal.roots is not None:
        said["roots"] = [str(root) for root in principal.roots]
    if principal.agency is not None:
        said["agency"] = principal.agency
    if principal.totp_at is not None:
        said["totp_at"] = int(principal.totp_at.timestamp())
    private_pem, public = _key()
    tokens.trust({"keys": [public]})  # each time: another test may have put other keys in its place
    return tokens.sign(said | claims, kid=KID, private_pem=private_pem)


@lru_cache
def _key() -> tuple[str, dict[str, str]]:
    """One key for the run: private as PEM, public as JWK."""
    key = ec.generate_private_key(ec.SECP256R1())
    public = key.public_key().public_numbers()
    jwk = {
        "kty": "EC",
        "crv": "P-256",
        "alg": tokens.ALGORITHM,
        "use": "sig",
        "kid": KID,
        "x": _base64url(public.x),
        "y": _base64url(public.y),
    }
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return pem.decode(), jwk


def _base64url(coordinate: int) -> str:
    return base64.urlsafe_b64encode(coordinate.to_bytes(32, "big")).rstrip(b"=").decode()


def _principal(
    kind: Kind,
    scopes: Sequence[str],
    *,
    roots: Sequence[UUID] | None = None,
    agency: str | None = None,
    subject: UUID | None = None,
    totp_at: datetime | None = None,
) -> Principal:
    return Principal(
        subject=subject or ids.new_id(),
        kind=kind,
        scopes=frozenset(scopes),
        roots=None if roots is None else tuple(roots),
        agency=agency,
        totp_at=totp_at,
    )
