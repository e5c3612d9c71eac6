"""A small mutual, founded through the API: authorised, with members who were charged for a month."""

import itertools
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import uuid4

from stdnum import luhn

from deploy.parts import PARTS
from deploy.system import System
from tests.browser.people import Person

TODAY = date(2026, 7, 10)
_numbers = itertools.count(1)


MEMBERS = (
    ("Haydée", "Cuentas"),
    ("Laura", "Teclado"),
    ("Lucía", "Doble"),
    ("Luz", "Sinscript"),
    ("Lidia", "Errata"),
    ("Lola", "Recibo"),
    ("Lina", "Aprobar"),
    ("Lina", "Rechazar"),
    ("Altagracia", "Búsqueda"),
    ("Mercedes", "Marcas"),
    ("Milagros", "Historia"),
    ("María Altagracia de los Ángeles", "Larguísima-Compuesta"),
)
"""One for each test that moves money: none sees what another did."""


@dataclass(frozen=True)
class Mutual:
    """What was founded; `members` by their names, as the registry answered them."""

    system: System
    administrator: Person
    organisation_id: str
    period: str
    members: dict[tuple[str, str], dict[str, Any]]

    def member(self, given_names: str, first_surname: str) -> dict[str, Any]:
        """A member, verified, and charged for the month."""
        return self.members[given_names, first_surname]

    def account(self, member_id: str) -> Any:
        with self.administrator.api(self.system) as api:
            return api.get(f"/contributions/v1/members/{member_id}/account").raise_for_status().json()

    def payments(self, member_id: str) -> list[Any]:
        with self.administrator.api(self.system) as api:
            return list(api.get(f"/contributions/v1/payments?member_id={member_id}").json()["items"])


def founded(system: System, administrator: Person, second: Person) -> Mutual:
    """An organisation, an authorisation in force, members who were charged."""
    with administrator.api(system) as api:
        for part in PARTS:
            # The gateway serves its own beside its pages, the others behind its door.
            where = f"{system.url}/v1/business-date" if part == "gateway" else f"/{part}/v1/business-date"
            moved = api.put(where, json={"today": str(TODAY)})
            assert moved.status_code == 200, moved.text
        made = api.post("/registry/v1/organisations", json={"name": "Sindicato de Choferes", "kind": "union"})
        assert made.status_code == 201, made.text
        proposed = api.post("/registry/v1/authorisations", json=_authorisation())
        assert proposed.status_code == 201, proposed.text
    with second.api(system) as api:
        [waiting] = api.get("/registry/v1/approvals").json()["items"]
        decided = api.post(f"/registry/v1/approvals/{waiting['id']}/decisions", json={"decision": "approve"})
        assert decided.status_code == 200, decided.text
    organisation_id = made.json()["id"]
    members = {}
    for names in MEMBERS:
        members[names] = register(system, administrator, organisation_id, *names)
        verify(system, second, members[names]["id"])
    period = f"{TODAY:%Y-%m}"
    charge(system, administrator, period, [member["id"] for member in members.values()])
    return Mutual(system, administrator, organisation_id, period, members)


def register(
    system: System, by: Person, organisation_id: str, given_names: str, first_surname: str, **given: Any
) -> dict[str, Any]:
    """Register a synthetic member with one child; their cédula begins with 999."""
    number = document()
    wire = {
        "given_names": given_names,
        "first_surname": first_surname,
        "sex": "F",
        "birth_date": "1990-05-17",
        "documents": [{"type": "C", "number": number}],
        "phone": f"809555{int(number[-5:-1]):04d}",
        "organisation_id": organisation_id,
        "occupation": "chofer",
        "risk_class": "I",
        "declared_wage": {"amount": "18421.20", "currency": "DOP"},
        "mandate": {"signed_on": "2026-01-05", "text_version": "2026-01"},
        "consent": {"given_on": "2026-01-05", "text_version": "2026-01"},
        "dependants": [
            {
                "relation": "child",
                "kind": "direct",
                "given_names": "Ana",
                "first_surname": first_surname,
                "sex": "F",
                "birth_date": "2015-08-09",
            }
        ],
    }
    with by.api(system) as api:
        answer = api.post(
            "/registry/v1/members", json={**wire, **given}, headers={"Idempotency-Key": str(uuid4())}
        )
    assert answer.status_code == 201, answer.text
    return {**answer.json(), "document": number, "phone": wire["phone"]}


def document() -> str:
    """A cédula that passes its check, of nobody."""
    first_ten = f"9990{time.time_ns() // 1_000_000 % 1000:03d}{next(_numbers):03d}"
    return first_ten + luhn.calc_check_digit(first_ten)


def verify(system: System, by: Person, member_id: str) -> None:
    with by.api(system) as api:
        answer = api.post(f"/registry/v1/members/{member_id}/verifications")
    assert answer.status_code == 201, answer.text


def charge(system: System, by: Person, period: str, member_ids: list[str]) -> None:
    """Charge the month for these members, once contributions has heard of all of them."""
    with by.api(system) as api:
        for member_id in member_ids:
            account = f"/contributions/v1/members/{member_id}/account"
            until(lambda account=account: api.get(account).is_success, "contributions knows the member")  # type: ignore[misc]
        run = api.post("/contributions/v1/charge-runs", json={"period": period})
        assert run.status_code == 202, run.text
        progress = f"/contributions/v1/charge-runs/{run.json()['id']}"
        until(lambda: api.get(progress).json()["finished_at"], "the charge run is done")


def until(true: Callable[[], Any], what: str, seconds: float = 30) -> None:
    """Wait until something is so."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, f"never: {what}"
        time.sleep(0.2)


def _authorisation() -> dict[str, Any]:
    return {
        "issuer": "Tesorería de la Seguridad Social",
        "number": "TSS-2026-0042",
        "scheme": "do-sdss",
        "employer_number": "999000004",
        "payroll_codes": ["001"],
        "minimum_wage": {"amount": "14161.00", "currency": "DOP"},
        "issued_on": "2026-01-02",
        "valid_from": "2026-01-02",
    }
