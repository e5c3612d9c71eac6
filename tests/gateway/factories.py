"""People, systems and their tokens, made as the console makes them, and committed."""

import itertools
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import pyotp
from fastapi.testclient import TestClient
from sqlmodel import Session

from gateway.identity import clients
from gateway.identity.clients import NewClient
from gateway.identity.sessions import Proof
from gateway.identity.staff import service as staff
from gateway.identity.tokens import minting
from gateway.roles import scopes_of
from services.kit import clock
from services.kit.principals import Principal

_numbers = itertools.count(1)


@dataclass(frozen=True)
class Person:
    """A member of staff with all that they know."""

    id: UUID
    email: str
    password: str
    seed: str
    principal: Principal

    def code(self, steps_ahead: int = 0) -> str:
        """The one-time code of now, or of a later step (one ahead is taken too)."""
        return pyotp.TOTP(self.seed).at(int(time.time()) + 30 * steps_ahead)

    def proof(self, steps_ahead: int = 0, **given: Any) -> dict[str, Any]:
        """What they send to `/oauth/staff-token`."""
        shown = {"email": self.email, "password": self.password, "code": self.code(steps_ahead)}
        return {**shown, **given}

    def shown(self, steps_ahead: int = 0, **given: Any) -> Proof:
        """The same, for the functions."""
        return Proof(**self.proof(steps_ahead, **given))

    @property
    def headers(self) -> dict[str, str]:
        """A token of theirs, made just now."""
        return headers(self.principal)


def headers(principal: Principal) -> dict[str, str]:
    return {"Authorization": f"Bearer {minting.mint(principal)}"}


def seed_of(totp_uri: str) -> str:
    return parse_qs(urlsplit(totp_uri).query)["secret"][0]


def person(session: Session, *roles: str, roots: Sequence[UUID] | None = None, **given: str) -> Person:
    """A person with these roles, who gave a one-time code just now."""
    email = given.pop("email", f"person-{next(_numbers)}@mutual.example")
    name = given.pop("name", "Ana Ejemplo")
    made = staff.add(session, email, name, roles, roots, **given)
    session.commit()
    limits = None if roots is None else tuple(roots)
    principal = Principal(made.staff_id, "staff", scopes_of(roles), roots=limits, totp_at=clock.now())
    return Person(made.staff_id, made.email, made.password, seed_of(made.totp_uri), principal)


def client(session: Session, role: str = "cashier", agency: str | None = None) -> NewClient:
    """A system with this role."""
    made = clients.add(session, f"System {next(_numbers)}", role, agency)
    session.commit()
    return made


def token_of(api: TestClient, made: NewClient) -> str:
    """The token that a system is given for its credentials."""
    answer = api.post(
        "/oauth/token",
        data={"grant_type": "client_credentials"},
        auth=(made.client_id, made.client_secret),
    )
    assert answer.status_code == 200, answer.text
    return str(answer.json()["access_token"])
