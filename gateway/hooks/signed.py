"""A body that was signed by whom we know, not more than five minutes ago."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from fastapi import Request
from pydantic import SecretStr
from starlette.requests import ClientDisconnect

from gateway.limits import buckets
from gateway.webhooks.posting import BadSignature, verify
from services.kit import context
from services.kit.problems import Problem, TooLarge, Unavailable

BODY_BYTES_MAX = 512 * 1024
ID_LENGTH_MAX = 255


class SignatureRefused(Problem):
    """The webhook's signature is wrong, or it was made too long ago."""

    status = 401


@dataclass(frozen=True, slots=True)
class Signed:
    """A webhook whose signature holds; `id` is the same when it is sent again."""

    id: str
    body: bytes = field(repr=False)


def signed_by(secret: Callable[[], SecretStr | None]) -> Callable[[Request], Awaitable[Signed]]:
    """The dependency that yields a body signed with this secret; what is refused counts against its sender.

    Raises SignatureRefused, TooLarge, TooManyRequests; Unavailable where no secret is configured.
    """

    async def read(request: Request) -> Signed:
        known = secret()
        if known is None:
            raise Unavailable("No such webhooks are expected here: their secret is not configured.")
        try:
            body = await _bounded_body(request)
            return Signed(verify(known.get_secret_value(), request.headers, body)[:ID_LENGTH_MAX], body)
        except (BadSignature, ClientDisconnect):
            buckets.openings().take(context.origin.get() or "")
            raise SignatureRefused(
                "Sign it as Standard Webhooks 1.0.0 says, with the secret agreed."
            ) from None

    return read


async def _bounded_body(request: Request) -> bytes:
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > BODY_BYTES_MAX:
            raise TooLarge(f"Send at most {BODY_BYTES_MAX} bytes at once.")
    return body
