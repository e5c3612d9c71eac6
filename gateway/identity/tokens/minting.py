"""Making access tokens. What stands in one is what `services.kit.principals` reads out of it."""

import time

from gateway.identity.keys import ring
from services.kit import tokens
from services.kit.principals import Principal

LIFETIME_SECONDS = tokens.LIFETIME_SECONDS


def mint(holder: Principal) -> str:
    """A token that speaks for `holder` for ten minutes."""
    claims = {
        "sub": str(holder.subject),
        "kind": holder.kind,
        "scope": " ".join(sorted(holder.scopes)),
        # To the millisecond, so that a token made after a revocation in the same second is good.
        "iat": round(time.time(), 3),
    }
    if holder.roots is not None:
        claims["roots"] = [str(root) for root in holder.roots]
    if holder.agency is not None:
        claims["agency"] = holder.agency
    if holder.totp_at is not None:
        claims["totp_at"] = int(holder.totp_at.timestamp())
    key = ring.signing_key()
    return tokens.sign(claims, kid=key.kid, private_pem=key.private_pem)
