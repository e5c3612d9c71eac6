"""The token endpoint of OAuth 2.0 (RFC 6749): one grant, `client_credentials`.

Its refusals are that RFC's, not problem details: this is what every OAuth library reads.
"""

import base64
import binascii
from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import parse_qsl, unquote_plus

from fastapi import APIRouter, Depends, Request
from fastapi.responses import JSONResponse

from gateway.admission import admit_opening
from gateway.db import SessionDep
from gateway.identity.clients import service
from gateway.identity.sessions.endpoints import TokenOut
from gateway.identity.tokens import minting
from services.kit.principals import Principal

NO_STORE = {"Cache-Control": "no-store", "Pragma": "no-cache"}
_FIELDS_MAX = 16

router = APIRouter(prefix="/oauth", tags=["tokens"], dependencies=[Depends(admit_opening)])


class Refused(Exception):
    """A token request that cannot be granted; `error` is one of RFC 6749 §5.2."""

    def __init__(self, error: str, description: str) -> None:
        super().__init__(description)
        self.error = error
        self.description = description

    def answer(self) -> JSONResponse:
        is_client = self.error == "invalid_client"
        challenge = {"WWW-Authenticate": 'Basic realm="Amparo"'} if is_client else {}
        body = {"error": self.error, "error_description": self.description}
        return JSONResponse(body, 401 if is_client else 400, {**NO_STORE, **challenge})


@dataclass(frozen=True, slots=True)
class TokenRequest:
    """A token request, well formed."""

    client_id: str
    client_secret: str
    scope: frozenset[str] | None


async def read_form(request: Request) -> list[tuple[str, str]] | Refused:
    """The form's fields in order; a body of another kind is refused."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/x-www-form-urlencoded":
        return Refused("invalid_request", "Send a form (application/x-www-form-urlencoded).")
    try:
        body = (await request.body()).decode()
        return parse_qsl(body, keep_blank_values=True, max_num_fields=_FIELDS_MAX, errors="strict")
    except ValueError:
        return Refused("invalid_request", "The form cannot be read.")


_FORM: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "application/x-www-form-urlencoded": {
                "schema": {
                    "type": "object",
                    "required": ["grant_type"],
                    "properties": {
                        "grant_type": {"type": "string", "enum": ["client_credentials"]},
                        "scope": {"type": "string", "description": "Fewer rights than the client has"},
                        "client_id": {"type": "string", "description": "Unless sent by HTTP Basic"},
                        "client_secret": {"type": "string"},
                    },
                }
            }
        },
    }
}


@router.post(
    "/token",
    response_model=TokenOut,
    openapi_extra=_FORM,
    responses={
        400: {"description": "`invalid_request`, `unsupported_grant_type` or `invalid_scope` (RFC 6749)"},
        401: {"description": "`invalid_client` (RFC 6749)"},
    },
)
def make_token(
    form: Annotated[list[tuple[str, str]] | Refused, Depends(read_form)],
    request: Request,
    session: SessionDep,
) -> JSONResponse:
    """An access token of a system, for ten minutes. Credentials go by HTTP Basic or in the form."""
    try:
        asked = read(form, request.headers.get("authorization"))
        principal = service.identify(session, asked.client_id.replace("\0", ""), asked.client_secret)
        if principal is None:
            raise Refused("invalid_client", "The client is unknown, or its secret is wrong.")
        scopes = _granted(principal, asked.scope)
    except Refused as refused:
        return refused.answer()
    narrowed = Principal(principal.subject, principal.kind, scopes, agency=principal.agency)
    granted = TokenOut(access_token=minting.mint(narrowed), scope=" ".join(sorted(scopes)))
    return JSONResponse(granted.model_dump(), headers=NO_STORE)


def read(form: list[tuple[str, str]] | Refused, authorization: str | None) -> TokenRequest:
    """The request of a form and a header. Raises Refused."""
    if isinstance(form, Refused):
        raise form
    given = dict(form)
    if len(given) < len(form):
        raise Refused("invalid_request", "A field is there twice.")
    if "grant_type" not in given:
        raise Refused("invalid_request", "grant_type is missing.")
    if given["grant_type"] != "client_credentials":
        raise Refused("unsupported_grant_type", "Only client_credentials is granted here.")
    scope = frozenset(given["scope"].split()) if given.get("scope") else None
    if authorization is None:
        if "client_id" not in given or "client_secret" not in given:
            raise Refused("invalid_client", "Send client_id and client_secret.")
        return TokenRequest(given["client_id"], given["client_secret"], scope)
    if "client_secret" in given:
        raise Refused("invalid_request", "Send the credentials one way, not two.")
    client_id, client_secret = basic_credentials(authorization)
    if given.get("client_id", client_id) != client_id:
        raise Refused("invalid_request", "The form names another client than the header.")
    return TokenRequest(client_id, client_secret, scope)


def basic_credentials(authorization: str) -> tuple[str, str]:
    """Client id and secret of an HTTP Basic header, each decoded as RFC 6749 §2.3.1 says. Raises Refused."""
    scheme, _, encoded = authorization.partition(" ")
    try:
        if scheme.lower() != "basic":
            raise ValueError
        client_id, colon, secret = base64.b64decode(encoded, validate=True).decode().partition(":")
        if not colon:
            raise ValueError
    except (ValueError, binascii.Error):
        raise Refused("invalid_client", "The Authorization header is not HTTP Basic.") from None
    return unquote_plus(client_id), unquote_plus(secret)


def _granted(principal: Principal, asked: frozenset[str] | None) -> frozenset[str]:
    if asked is None:
        return principal.scopes
    if beyond := asked - principal.scopes:
        raise Refused("invalid_scope", f"The client has no right to {' '.join(sorted(beyond))}.")
    return asked
