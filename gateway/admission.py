"""What every request with a token passes through first: is it good, was it withdrawn, is it too many.

Services check tokens for themselves, so this door can be left out for nginx or an ingress in front of
them, at the price of revocations and rate limits.
"""

from typing import Annotated, Any

from fastapi import Depends, Request
from sqlmodel import Session
from starlette.concurrency import run_in_threadpool

from gateway.db import engine
from gateway.identity.tokens import revocations
from gateway.identity.tokens.revocations import ensure_not_revoked, revoked
from gateway.limits import buckets
from services.kit import context, tokens
from services.kit.principals import bearer_token
from services.kit.problems import Forbidden, Unauthorized


async def admit(authorization: str | None, address: str) -> dict[str, Any]:
    """The claims of a request's token, if it may come in.

    A token that this process knows costs no waiting. Whatever needs a look counts against the
    address it comes from. Raises Unauthorized, Forbidden, TooManyRequests.
    """
    try:
        token = bearer_token(authorization)
    except Unauthorized:
        buckets.openings().take(address)
        raise
    claims = tokens.remembered(token)
    if claims is None:
        buckets.openings().take(address)
        claims = await run_in_threadpool(tokens.verify, token)
    if not revoked.is_current:
        await run_in_threadpool(_read_revocations)
    ensure_not_revoked(claims)
    if claims.get("kind") == "service":
        raise Forbidden("The parts of Amparo call each other directly.")
    buckets.requests().take(str(claims.get("sub")))
    return claims


async def admit_request(request: Request) -> None:
    """The dependency of the gateway's own API, beside the principal that each endpoint names."""
    await admit(request.headers.get("authorization"), context.origin.get() or "")


async def admit_opening() -> None:
    """The dependency of what anybody may ask: it counts against their address."""
    buckets.openings().take(context.origin.get() or "")


Admitted = Annotated[None, Depends(admit_request)]


def _read_revocations() -> None:
    with Session(engine()) as session:
        revocations.read_again(session)
