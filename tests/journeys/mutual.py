"""A mutual as its people and systems see it: through the gateway, each with credentials of their own."""

import itertools
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import uuid4

import httpx
import psycopg
from psycopg.rows import TupleRow

from deploy.databases import Database
from deploy.demo.office import PARTS
from deploy.demo.people import Login, Person
from deploy.sample.numbers import Numbers
from deploy.system import System
from deploy.verify import events, report
from deploy.verify.checks import Finding, snapshots
from tests.deploy.ends import wait_until
from tests.journeys.phones import Phones

FOUNDED_ON = date(2026, 7, 1)
WAGE = {"amount": "18421.20", "currency": "DOP"}
MONTHLY_MINOR = 3_905_29
"""What a member with this wage and risk class I owes for a month of 2026 (DOMAIN: the State's rates)."""


@dataclass(frozen=True)
class Caller:
    """A system that calls with a token of its own, and expects to be served."""

    door: httpx.Client
    token: str

    def get(self, path: str) -> httpx.Response:
        return self._call("GET", path)

    def post(self, path: str, body: Any, *, key: str | None = None) -> httpx.Response:
        return self._call("POST", path, json=body, headers={"Idempotency-Key": key} if key else {})

    def _call(self, method: str, path: str, **given: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self.token}"} | given.pop("headers", {})
        answer = self.door.request(method, path, headers=headers, **given)
        assert answer.is_success, f"{method} {path}: {answer.status_code} {answer.text[:600]}"
        return answer


@dataclass
class Mutual:
    """The running system, whoever works with it, and what was founded in it."""

    system: System
    phones: Phones
    door: httpx.Client
    logins: dict[str, Login]
    systems: dict[str, dict[str, str]]
    expired_token: str
    organisation_id: str = ""
    today: date = FOUNDED_ON
    numbers: Numbers = field(default_factory=lambda: Numbers(seed=5))
    people: dict[str, Person] = field(init=False)
    _serial: Any = field(default_factory=lambda: itertools.count(1))

    def __post_init__(self) -> None:
        self.people = {place: Person(self.door, login) for place, login in self.logins.items()}

    def __getitem__(self, place: str) -> Person:
        return self.people[place]

    @property
    def period(self) -> str:
        """The month that it is."""
        return f"{self.today:%Y-%m}"

    def move_to(self, today: date) -> None:
        """Let it be another day in every part."""
        for part in PARTS:
            self["administrator"].put(f"/api/{part}/v1/business-date", {"today": today.isoformat()})
        self.today = today

    def register(self, **given: Any) -> dict[str, Any]:
        """Have a promoter register a synthetic member; nobody has verified them yet."""
        body = {
            "given_names": f"Ana {'ABCDEFGHIJKLMNOPQRSTUVWXYZ'[next(self._serial) % 26]}",
            "first_surname": "Muestra",
            "sex": "F",
            "birth_date": "1990-05-17",
            "documents": [{"type": "C", "number": self.numbers.cedula()}],
            "phone": self.numbers.phone(),
            "organisation_id": self.organisation_id,
            "occupation": "vendedora",
            "risk_class": "I",
            "declared_wage": WAGE,
            "mandate": {"signed_on": "2026-01-05", "text_version": "2026-01"},
            "consent": {"given_on": "2026-01-05", "text_version": "2026-01"},
        } | given
        member = self["promoter"].post("/api/registry/v1/members", body, key=str(uuid4()))
        return {**member, "document": body["documents"][0]["number"], "phone": f"+1{body['phone']}"}

    def enrol(self, **given: Any) -> dict[str, Any]:
        """A member, registered by one promoter and verified by another."""
        member = self.register(**given)
        self["promoter-2"].post(f"/api/registry/v1/members/{member['id']}/verifications")
        return member

    def charged(self, count: int) -> list[dict[str, Any]]:
        """New members who owe this month's contribution."""
        members = [self.enrol() for _ in range(count)]
        self.charge([member["id"] for member in members])
        return members

    def charge(self, member_ids: list[str]) -> None:
        """Charge the month, once contributions has heard of these members."""
        self.wait(lambda: len(self.accounts(member_ids)) == len(member_ids), "contributions knows them")
        accountant = self["accountant"]
        run = accountant.post("/api/contributions/v1/charge-runs", {"period": self.period}, key=str(uuid4()))
        where = f"/api/contributions/v1/charge-runs/{run['id']}"
        self.wait(lambda: accountant.get(where)["state"] == "done", "the month is charged")

    def accounts(self, member_ids: list[str]) -> list[dict[str, Any]]:
        """What these members owe and have in credit."""
        body = {"member_ids": member_ids}
        return list(self["administrator"].post("/api/contributions/v1/members/accounts", body)["items"])

    def caller(self, name: str) -> Caller:
        """One of the systems, at the gateway."""
        return Caller(self.door, self.token(name))

    def token(self, name: str) -> str:
        """An access token of one of the systems."""
        own = self.systems[name]
        answer = self.door.post(
            "/oauth/token", data={"grant_type": "client_credentials"}, auth=(own["id"], own["secret"])
        )
        assert answer.status_code == 200, answer.text
        return str(answer.json()["access_token"])

    def http(self, token: str | None = None, *, address: str | None = None) -> httpx.Client:
        """The gateway as the holder of this token sees it; `address` is theirs on the loopback."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        transport = httpx.HTTPTransport(local_address=address, limits=httpx.Limits(max_connections=64))
        return httpx.Client(base_url=self.system.url, headers=headers, transport=transport, timeout=30)

    def books(self, part: str) -> AbstractContextManager[psycopg.Connection[TupleRow]]:
        """One part's database, to look into."""
        return psycopg.connect(self._database(part).owner_url)

    def verify(self) -> None:
        """Have all arrived that was announced; then everything holds that always must."""
        self.wait(lambda: not self.under_way(), "every event arrives", seconds=90)
        findings = report.verify(self._urls())
        broken = [(one.title, one.offending) for one in findings if not one.holds]
        assert broken == []
        assert sum(one.checked for one in findings) > 0

    def under_way(self) -> list[str]:
        """What was announced and has not arrived everywhere."""
        with snapshots(self._urls()) as taken:
            found: list[Finding] = [check(taken) for check in events.CHECKS]
            waiting = [
                f"{count} events of {part} have no number"
                for part in self.system.state["databases"]
                if (count := taken.value(part, "SELECT count(*) FROM outbox WHERE number IS NULL"))
            ]
        return waiting + [f"{one.title}: {one.pending} pending" for one in found if one.pending]

    def wait(self, holds: Callable[[], bool], what: str, *, seconds: float = 30) -> None:
        wait_until(holds, what, seconds=seconds)

    def _database(self, part: str) -> Database:
        return Database(**self.system.state["databases"][part])

    def _urls(self) -> dict[str, str]:
        return {part: self._database(part).owner_url for part in self.system.state["databases"]}


def founded(system: System, phones: Phones, hired: dict[str, Any]) -> Mutual:
    """An organisation, and an authorisation that one person proposes and another puts in force."""
    door = httpx.Client(base_url=system.url, timeout=60)
    logins = {place: Login(**login) for place, login in hired["logins"].items()}
    mutual = Mutual(system, phones, door, logins, hired["systems"], hired["expired_token"])
    mutual.move_to(FOUNDED_ON)
    first, second = mutual["administrator"], mutual["administrator-2"]
    organisation = {"name": "Sindicato Sintético", "kind": "union"}
    mutual.organisation_id = first.post("/api/registry/v1/organisations", organisation)["id"]
    first.post(
        "/api/registry/v1/authorisations",
        {
            "issuer": "Tesorería de la Seguridad Social (sintética)",
            "number": "SINT-2026-0001",
            "scheme": "do-sdss",
            "employer_number": "999000004",
            "payroll_codes": ["001"],
            "minimum_wage": {"amount": "14161.00", "currency": "DOP"},
            "issued_on": "2025-12-01",
            "valid_from": "2026-01-01",
        },
    )
    for approval in second.get("/api/registry/v1/approvals")["items"]:
        second.approve("registry", approval)
    mutual.wait(lambda: not mutual.under_way(), "all have heard of it")
    return mutual


def money(minor: int) -> dict[str, str]:
    return {"amount": f"{minor // 100}.{minor % 100:02d}", "currency": "DOP"}


def minor(amount: Any) -> int:
    return int(amount["amount"].replace(".", ""))
