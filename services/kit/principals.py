"""Who asks: a person of the staff, a system, or another part of Amparo; and what they may do.

Closed by default: an endpoint without a principal fails a test. A service names its principals for
the person (`Cashier = Annotated[Principal, Depends(requires("payments:take"))]`), and every query
takes the principal's reach, so that ownership cannot be forgotten.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from starlette.concurrency import run_in_threadpool

from services.kit import clock, tokens
from services.kit.problems import Forbidden, Unauthorized

FRESH = timedelta(minutes=15)
"""How long a one-time code vouches for the person who decides as the second of two."""

Kind = Literal["staff", "client", "service"]


@dataclass(frozen=True, slots=True)
class Principal:
    """The holder of a verified token.

    `roots` are the organisations at and below which they may act; None is the whole mutual.
    `agency` names the State's agency that a client belongs to. `totp_at` is when a member of staff
    last gave a one-time code.
    """

    subject: UUID
    kind: Kind
    scopes: frozenset[str]
    roots: tuple[UUID, ...] | None = None
    agency: str | None = None
    totp_at: datetime | None = None

    @classmethod
    def of(cls, claims: dict[str, Any]) -> "Principal":
        """Read a token's claims; raises Unauthorized when they are not ours."""
        try:
            roots = claims.get("roots")
            totp_at = claims.get("totp_at")
            return cls(
                subject=UUID(claims["sub"]),
                kind=claims["kind"],
                scopes=frozenset(claims["scope"].split()),
                roots=None if roots is None else tuple(UUID(root) for root in roots),
                agency=claims.get("agency"),
                totp_at=None if totp_at is None else datetime.fromtimestamp(totp_at, UTC),
            )
        except (KeyError, ValueError, TypeError, AttributeError):
            raise Unauthorized("The token's claims cannot be read; ask for a new token.") from None

    def may(self, scope: str) -> bool:
        return scope in self.scopes

    def ensure_second_person(self) -> None:
        """Refuse systems, and people whose one-time code is not fresh. Raises Forbidden."""
        if self.kind != "staff":
            raise Forbidden("Only a member of staff can decide as the second person.")
        if self.totp_at is None or clock.now() - self.totp_at > FRESH:
            raise Forbidden("Sign in again with a one-time code before deciding as the second person.")


_bearer = HTTPBearer(auto_error=False, description="Access token from /oauth/token", bearerFormat="JWT")


def bearer_token(authorization: str | None) -> str:
    """The token of an `Authorization` header. Raises Unauthorized."""
    scheme, _, token = (authorization or "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise Unauthorized("Send the header Authorization: Bearer <token>; tokens come from /oauth/token.")
    return token


async def authenticate(request: Request) -> Principal:
    """The principal of a request. Raises Unauthorized.

    A token seen before is known at once; a new one is checked in a thread, because its key may have
    to be read from the gateway first.
    """
    token = bearer_token(request.headers.get("authorization"))
    claims = tokens.remembered(token)
    if claims is None:
        claims = await run_in_threadpool(tokens.verify, token)
    return Principal.of(claims)


def requires(*scopes: str) -> Callable[..., Awaitable[Principal]]:
    """A dependency that yields the principal if the token grants every one of `scopes`."""

    async def principal(
        request: Request, shown: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]
    ) -> Principal:
        holder = await authenticate(request)
        missing = [scope for scope in scopes if scope not in holder.scopes]
        if missing:
            raise Forbidden(f"This needs the right {' and '.join(missing)}.")
        return holder

    principal.scopes = scopes  # type: ignore[attr-defined]  # read by the test that walks all routes
    return principal
