"""The people of these tests and what they send. All persons are synthetic: their cédulas begin with 999."""

import itertools
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from fastapi.testclient import TestClient
from httpx import Response

from services.kit.principals import Principal
from services.registry.identities.documents import cedula_checks
from tests import tokens

_numbers = itertools.count(1)


def cedula(*, checks: bool = True) -> str:
    """Another synthetic cédula, with a right or a wrong check digit."""
    stem = f"999{next(_numbers):07d}"
    return next(stem + digit for digit in "0123456789" if cedula_checks(stem + digit) is checks)


def a_member(organisation_id: str, **given: Any) -> dict[str, Any]:
    """What a promoter sends to register somebody."""
    return {
        "given_names": "Laura",
        "first_surname": "Méndez",
        "second_surname": "Muestra",
        "sex": "F",
        "birth_date": "1995-03-12",
        "documents": [{"type": "C", "number": cedula()}],
        "phone": None,
        "language": "es",
        "organisation_id": organisation_id,
        "occupation": "vendedora",
        "risk_class": "I",
        "declared_wage": {"amount": "18421.20", "currency": "DOP"},
        "mandate": {"signed_on": "2026-06-01", "text_version": "2026-01"},
        "consent": {"given_on": "2026-06-01", "text_version": "2026-01"},
        "dependants": [],
    } | given


def a_dependant(**given: Any) -> dict[str, Any]:
    """What a promoter sends to add somebody to a family."""
    return {
        "relation": "child",
        "kind": "direct",
        "given_names": "Nina",
        "first_surname": "Muestra",
        "sex": "F",
        "birth_date": "2015-01-31",
    } | given


def an_authorisation(**given: Any) -> dict[str, Any]:
    """What a clerk sends to record the State's document."""
    return {
        "issuer": "Tesorería de la Seguridad Social",
        "number": "TSS-2026-0001",
        "scheme": "do-sdss",
        "employer_number": "999000004",
        "payroll_codes": ["001"],
        "minimum_wage": {"amount": "16993.20", "currency": "DOP"},
        "infotep": False,
        "issued_on": "2026-01-02",
        "valid_from": "2026-01-02",
    } | given


@dataclass
class Office:
    """Who works at the mutual; `send` speaks to the service as one of them."""

    api: TestClient
    promoter: Principal = field(
        default_factory=lambda: tokens.staff("members:read", "members:write", "members:import")
    )
    verifier: Principal = field(
        default_factory=lambda: tokens.staff("members:read", "members:verify", totp=True)
    )
    officer: Principal = field(
        default_factory=lambda: tokens.staff("members:read", "members:read_personal", "members:write")
    )
    manager: Principal = field(
        default_factory=lambda: tokens.staff(
            "organisations:read", "organisations:write", "authorisations:write", "approvals:read"
        )
    )
    head: Principal = field(
        default_factory=lambda: tokens.staff("approvals:read", "authorisations:approve", totp=True)
    )

    def send(self, who: Principal, method: str, path: str, body: Any = None, **headers: str) -> Response:
        sent = {name.replace("_", "-"): value for name, value in headers.items()} | tokens.headers(who)
        answer: Response = self.api.request(method, path, json=body, headers=sent)
        return answer

    def organisation(self, name: str = "", *, parent_id: str | None = None, kind: str = "association") -> str:
        """Another organisation; answers its id."""
        body = {"name": name or f"Asociación {uuid4()}", "kind": kind, "parent_id": parent_id}
        made = self.send(self.manager, "POST", "/v1/organisations", body)
        assert made.status_code == 201, made.text
        return str(made.json()["id"])

    def register(self, body: dict[str, Any], *, who: Principal | None = None, key: str = "") -> Response:
        return self.send(
            who or self.promoter, "POST", "/v1/members", body, idempotency_key=key or str(uuid4())
        )

    def registered(self, organisation_id: str = "", **given: Any) -> dict[str, Any]:
        """Another member, an applicant; answers id, number and version."""
        answer = self.register(a_member(organisation_id or self.organisation(), **given))
        assert answer.status_code == 201, answer.text
        made: dict[str, Any] = answer.json()
        return made

    def enrolled(self, organisation_id: str = "", **given: Any) -> dict[str, Any]:
        """Another member, verified by a second person."""
        made = self.registered(organisation_id, **given)
        answer = self.send(self.verifier, "POST", f"/v1/members/{made['id']}/verifications")
        assert answer.status_code == 201, answer.text
        return made | {"version": answer.json()["version"], "state": answer.json()["state"]}

    def opened(self, member_id: str | UUID, *, who: Principal | None = None) -> dict[str, Any]:
        """All about a member, as the officer (or `who`) sees it."""
        answer = self.send(who or self.officer, "GET", f"/v1/members/{member_id}")
        assert answer.status_code == 200, answer.text
        shown: dict[str, Any] = answer.json()
        return shown

    def authorised(self, **given: Any) -> dict[str, Any]:
        """An authorisation that two people put in force."""
        proposed = self.send(self.manager, "POST", "/v1/authorisations", an_authorisation(**given))
        assert proposed.status_code == 201, proposed.text
        [waiting] = self.send(self.head, "GET", "/v1/approvals").json()["items"]
        path = f"/v1/approvals/{waiting['id']}/decisions"
        assert self.send(self.head, "POST", path, {"decision": "approve"}).status_code == 200
        made: dict[str, Any] = proposed.json()
        return made
