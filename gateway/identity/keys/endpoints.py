"""HTTP face of signing keys: their public halves, open to everybody (RFC 7517)."""

from typing import Any

from fastapi import APIRouter, Response

from gateway.identity.keys import ring

router = APIRouter(tags=["tokens"])


@router.get("/.well-known/jwks.json")
def read_keys(response: Response) -> dict[str, Any]:
    """The public keys that access tokens are checked with."""
    response.headers["Cache-Control"] = "public, max-age=60"
    return ring.jwks()
