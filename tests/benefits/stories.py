"""What people and agencies do over HTTP, as far as most tests need it told."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from fastapi.testclient import TestClient
from sqlmodel import Session

from services.benefits.members import Member
from services.kit.principals import Principal
from tests import tokens
from tests.benefits import factories

READING = ("approvals:read", "benefits:read", "disbursements:read")

AGENCY = tokens.client("agency:disbursements", agency="sisalril")
CLERK = tokens.staff("items:match", *READING)
OFFICER = tokens.staff("payouts:prepare", *READING)
CASHIER = tokens.staff("payouts:pay", *READING)


def releaser(**given: Any) -> Principal:
    """A second person with a fresh one-time code."""
    return tokens.staff("payouts:release", *READING, totp=True, **given)


def post(api: TestClient, path: str, body: Any = None, *, by: Principal, key: str | None = None) -> Any:
    headers = tokens.headers(by) | ({"Idempotency-Key": key} if key else {})
    return api.post(path, json=body, headers=headers)


def get(api: TestClient, path: str, *, by: Principal, **params: Any) -> Any:
    return api.get(path, params=params, headers=tokens.headers(by))


def dop(amount: str) -> dict[str, str]:
    return {"amount": amount, "currency": "DOP"}


def item(owner: Member | None = None, **given: Any) -> dict[str, Any]:
    """An item for a member, or for somebody unknown."""
    reference = str(uuid4())
    return {
        "reference": reference[:8],
        "document": {"type": "C", "number": owner.document_number if owner else "99912312312"},
        "amount": dop("100.00"),
        "case_number": f"EXP-{reference}",
    } | given


def announce(api: TestClient, by: Principal = AGENCY, **given: Any) -> Any:
    body = {
        "reference": f"SUB-{uuid4()}",
        "benefit": "maternity",
        "declared_count": 1,
        "declared_total": dop("100.00"),
        "bank_reference": f"TRF-{uuid4()}",
    } | given
    return post(api, "/agency/v1/disbursements", body, by=by)


@dataclass
class Told:
    """A disbursement that an agency announced, listed and completed."""

    id: UUID
    bank_reference: str
    total_minor: int

    @property
    def path(self) -> str:
        return f"/v1/disbursements/{self.id}"


def disbursement(api: TestClient, *items: dict[str, Any], **given: Any) -> Told:
    """A complete disbursement of these items."""
    total_minor = sum(int(one["amount"]["amount"].replace(".", "")) for one in items)
    total = {"amount": f"{total_minor // 100}.{total_minor % 100:02d}", "currency": "DOP"}
    announced = announce(api, declared_count=len(items), declared_total=total, **given)
    assert announced.status_code == 201, announced.text
    path = f"/agency/v1/disbursements/{announced.json()['id']}"
    listed = post(api, f"{path}/items", {"items": list(items)}, by=AGENCY)
    assert listed.status_code == 200, listed.text
    completed = post(api, f"{path}/completions", by=AGENCY)
    assert completed.status_code == 201, completed.text
    return Told(UUID(announced.json()["id"]), announced.json()["bank_reference"], total_minor)


def funded(api: TestClient, session: Session, *items: dict[str, Any], **given: Any) -> Told:
    """A complete disbursement whose money has come."""
    told = disbursement(api, *items, **given)
    factories.funds(session, told.bank_reference, told.total_minor)
    return told


def decide(api: TestClient, approval_id: str, by: Principal | None = None, decision: str = "approve") -> Any:
    return post(api, f"/v1/approvals/{approval_id}/decisions", {"decision": decision}, by=by or releaser())


def release(api: TestClient, told: Told) -> None:
    """Two people release what can be released of a disbursement."""
    asked = post(api, f"{told.path}/releases", by=OFFICER)
    assert asked.status_code == 201, asked.text
    approved = decide(api, asked.json()["id"])
    assert approved.status_code == 200, approved.text


def released(api: TestClient, session: Session, *items: dict[str, Any], **given: Any) -> Told:
    """A funded disbursement that two people have released."""
    told = funded(api, session, *items, **given)
    release(api, told)
    return told


def payouts(api: TestClient, told: Told) -> list[dict[str, Any]]:
    found = get(api, "/v1/payouts", by=OFFICER, disbursement_id=str(told.id))
    assert found.status_code == 200, found.text
    listed: list[dict[str, Any]] = found.json()["items"]
    return listed


def status(api: TestClient, told: Told, by: Principal = AGENCY) -> Any:
    """What the agency is told, items by their reference."""
    found = get(api, f"/agency/v1/disbursements/{told.id}", by=by)
    assert found.status_code == 200, found.text
    return {one["reference"]: (one["status"], one["reason"]) for one in found.json()["items"]}
