"""HTTP face of signing in, for scripts: pages have a form of their own and end at the same function."""

from typing import Literal

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field, SecretStr

from gateway.db import SessionDep
from gateway.identity.sessions import problems, service
from gateway.identity.staff.problems import PasswordTooWeak
from gateway.identity.tokens import minting
from services.kit.problems import documented

router = APIRouter(prefix="/oauth", tags=["tokens"])


class ProofIn(BaseModel):
    """What a member of staff shows to be let in."""

    model_config = ConfigDict(extra="forbid")

    email: str = Field(max_length=254, examples=["ana@mutual.example"])
    password: SecretStr = Field(max_length=256)
    code: str = Field(max_length=16, examples=["123456"], description="From the authenticator app")
    new_password: SecretStr | None = Field(
        default=None, description="Replaces the password; required in the place of a temporary one"
    )


class TokenOut(BaseModel):
    """An access token: send it as `Authorization: Bearer …`."""

    access_token: str
    token_type: Literal["Bearer"] = "Bearer"
    expires_in: int = minting.LIFETIME_SECONDS
    scope: str


@router.post("/staff-token", responses=documented(*problems.WHEN_SIGNING_IN, PasswordTooWeak))
def make_staff_token(given: ProofIn, session: SessionDep, response: Response) -> TokenOut:
    """An access token of a member of staff, for ten minutes. Each one-time code opens once."""
    proof = service.Proof(
        given.email,
        given.password.get_secret_value(),
        given.code,
        given.new_password.get_secret_value() if given.new_password else None,
    )
    _, principal = service.identify(session, proof)
    response.headers["Cache-Control"] = "no-store"
    return TokenOut(access_token=minting.mint(principal), scope=" ".join(sorted(principal.scopes)))
