"""People and systems over HTTP: who gives rights, who takes them away, and what a second person is for."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text
from sqlmodel import Session

from services.kit import clock, tokens
from services.kit.principals import FRESH
from tests.gateway import factories
from tests.gateway.factories import Person

API = "/api/gateway/v1"


@pytest.fixture
def first(session: Session) -> Person:
    """An administrator, who asks."""
    return factories.person(session, "administrator")


@pytest.fixture
def second(session: Session) -> Person:
    """Another administrator, who decides."""
    return factories.person(session, "administrator")


def decide(api: TestClient, approval_id: str, by: Person, decision: str = "approve") -> Any:
    path = f"{API}/approvals/{approval_id}/decisions"
    return api.post(path, json={"decision": decision, "reason": "looked at"}, headers=by.headers)


def actions(session: Session, subject_id: Any) -> list[tuple[str, str, str | None]]:
    rows = session.execute(
        text("SELECT action, actor_kind, reason FROM audit_log WHERE subject_id = :id ORDER BY id"),
        {"id": subject_id},
    )
    return [tuple(row) for row in rows]


def new_person(api: TestClient, by: Person, email: str) -> str:
    given = {"email": email, "name": "Eva Ejemplo"}
    answer = api.post(f"{API}/staff", json=given, headers=by.headers)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def test_a_person_comes_on_board_through_two_others(
    api: TestClient, session: Session, first: Person, second: Person
) -> None:
    id = new_person(api, first, "Eva@mutual.example")
    issued = api.post(f"{API}/staff/{id}/credentials", headers=first.headers).json()
    proof = {
        "email": "eva@mutual.example",
        "password": issued["password"],
        "code": Person(first.id, "", "", factories.seed_of(issued["totp_uri"]), first.principal).code(),
    }
    assert api.post("/oauth/staff-token", json=proof).json()["type"] == "password-is-temporary"
    asked = api.post(f"{API}/staff/{id}/role-grants", json={"role": "cashier"}, headers=first.headers)
    assert asked.status_code == 202
    assert asked.json()["facts"]["name"] == "Eva Ejemplo"
    waiting = api.get(f"{API}/approvals", headers=second.headers).json()["items"]
    assert asked.json()["id"] in [item["id"] for item in waiting]
    assert decide(api, asked.json()["id"], second).status_code == 200

    token = api.post("/oauth/staff-token", json={**proof, "new_password": "a password of my own"})
    assert "payments:take" in token.json()["scope"]
    shown = api.get(f"{API}/staff/{id}", headers=first.headers).json()
    assert (shown["state"], shown["roles"], shown["roots"]) == ("active", ["cashier"], None)


def test_who_asked_for_a_role_cannot_approve_it(api: TestClient, session: Session, first: Person) -> None:
    person = factories.person(session)
    asked = api.post(f"{API}/staff/{person.id}/role-grants", json={"role": "auditor"}, headers=first.headers)
    answer = decide(api, asked.json()["id"], first)
    assert (answer.status_code, answer.json()["type"]) == (403, "same-person-twice")


def test_who_gets_a_role_cannot_approve_it(
    api: TestClient, session: Session, first: Person, second: Person
) -> None:
    path = f"{API}/staff/{second.id}/role-grants"
    asked = api.post(path, json={"role": "benefits_officer"}, headers=first.headers)
    answer = decide(api, asked.json()["id"], second)
    assert (answer.status_code, answer.json()["type"]) == (403, "own-role")


def test_a_system_neither_asks_nor_decides(api: TestClient, session: Session, first: Person) -> None:
    made = factories.client(session, "administrator")
    headers = {"Authorization": f"Bearer {factories.token_of(api, made)}"}
    person = factories.person(session)
    path = f"{API}/staff/{person.id}/role-grants"
    assert api.post(path, json={"role": "auditor"}, headers=headers).status_code == 403
    given = {"name": "Another", "role": "cashier"}
    assert api.post(f"{API}/clients", json=given, headers=headers).status_code == 403
    asked = api.post(path, json={"role": "auditor"}, headers=first.headers).json()
    decision = api.post(
        f"{API}/approvals/{asked['id']}/decisions", json={"decision": "approve"}, headers=headers
    )
    assert decision.status_code == 403
    assert session.execute(text("SELECT count(*) FROM clients WHERE name = 'Another'")).scalar_one() == 0


def test_an_old_one_time_code_does_not_decide(
    api: TestClient, session: Session, first: Person, second: Person
) -> None:
    person = factories.person(session)
    asked = api.post(
        f"{API}/staff/{person.id}/role-grants", json={"role": "auditor"}, headers=first.headers
    ).json()
    earlier = clock.now() - FRESH - timedelta(seconds=1)
    stale = replace(second, principal=replace(second.principal, totp_at=earlier))
    assert decide(api, asked["id"], stale).status_code == 403
    assert decide(api, asked["id"], second).status_code == 200


def test_what_was_asked_for_differently_since_is_not_approved(
    api: TestClient, session: Session, first: Person, second: Person
) -> None:
    person, root = factories.person(session), str(first.id)
    path = f"{API}/staff/{person.id}/role-grants"
    narrow = api.post(path, json={"role": "collector", "roots": [root]}, headers=first.headers).json()
    wide = api.post(path, json={"role": "collector"}, headers=first.headers).json()
    assert wide["id"] != narrow["id"]
    assert decide(api, narrow["id"], second).json()["type"] == "already-decided"
    assert decide(api, wide["id"], second).status_code == 200
    assert api.get(f"{API}/staff/{person.id}", headers=first.headers).json()["roots"] is None


def test_a_refused_role_is_not_given(
    api: TestClient, session: Session, first: Person, second: Person
) -> None:
    person = factories.person(session)
    path = f"{API}/staff/{person.id}/role-grants"
    asked = api.post(path, json={"role": "auditor"}, headers=first.headers).json()
    assert decide(api, asked["id"], second, "refuse").json()["state"] == "refused"
    assert api.get(f"{API}/staff/{person.id}", headers=first.headers).json()["roles"] == []
    again = api.post(path, json={"role": "auditor"}, headers=first.headers).json()
    assert again["state"] == "pending"


def test_the_head_of_an_organisation_needs_one(api: TestClient, session: Session, first: Person) -> None:
    person = factories.person(session)
    path = f"{API}/staff/{person.id}/role-grants"
    answer = api.post(path, json={"role": "head"}, headers=first.headers)
    assert (answer.status_code, answer.json()["type"]) == (422, "roots-missing")
    given = {"role": "head", "roots": [str(first.id)]}
    assert api.post(path, json=given, headers=first.headers).status_code == 202
    with pytest.raises(Exception, match="limited to organisations"):
        factories.person(session, "head")


def test_two_people_cannot_have_one_address(api: TestClient, session: Session, first: Person) -> None:
    person = factories.person(session)
    given = {"email": person.email.upper(), "name": "Another"}
    answer = api.post(f"{API}/staff", json=given, headers=first.headers)
    assert (answer.status_code, answer.json()["type"]) == (409, "email-taken")


def test_a_way_in_is_given_once(api: TestClient, session: Session, first: Person) -> None:
    id = new_person(api, first, "once@mutual.example")
    path = f"{API}/staff/{id}/credentials"
    assert api.post(path, headers=first.headers).status_code == 201
    answer = api.post(path, headers=first.headers)
    assert (answer.status_code, answer.json()["type"]) == (409, "person-not-ready")


def test_withdrawing_a_role_holds_at_once_also_for_tokens_made_before(
    api: TestClient, session: Session, first: Person
) -> None:
    person = factories.person(session, "cashier", "auditor")
    before = person.headers
    assert api.get(f"{API}/audit-entries", headers=before).status_code == 200
    assert api.delete(f"{API}/staff/{person.id}/roles/auditor", headers=first.headers).status_code == 204
    assert api.get(f"{API}/audit-entries", headers=before).status_code == 401
    scope = api.post("/oauth/staff-token", json=person.proof()).json()["scope"].split()
    assert "payments:take" in scope
    assert "audit:read" not in scope


def test_a_deactivated_person_can_do_nothing_any_more(
    api: TestClient, session: Session, first: Person, second: Person
) -> None:
    person = factories.person(session, "administrator")
    before = person.headers
    path = f"{API}/staff/{person.id}"
    answer = api.post(f"{path}/deactivations", json={"reason": "left"}, headers=first.headers)
    assert (answer.status_code, answer.json()["state"]) == (201, "deactivated")
    given = {"email": "ghost@mutual.example", "name": "A ghost"}
    assert api.post(f"{API}/staff", json=given, headers=before).status_code == 401
    assert api.post("/oauth/staff-token", json=person.proof()).status_code == 401
    assert api.post(f"{path}/role-grants", json={"role": "head"}, headers=first.headers).status_code == 409

    asked = api.post(f"{path}/readmissions", headers=first.headers).json()
    assert decide(api, asked["id"], second).status_code == 200
    assert api.post("/oauth/staff-token", json=person.proof()).status_code == 401, "the old way is closed"
    issued = api.post(f"{path}/credentials", headers=first.headers).json()
    assert issued["password"] != person.password
    assert factories.seed_of(issued["totp_uri"]) != person.seed


def test_a_system_comes_on_board_through_two_people(
    api: TestClient, session: Session, first: Person, second: Person
) -> None:
    given = {"name": "TSS", "role": "state_agency", "agency": "tss"}
    asked = api.post(f"{API}/clients", json=given, headers=first.headers)
    assert asked.status_code == 202
    path = f"{API}/clients/{asked.json()['client']['id']}"
    assert api.post(f"{path}/secrets", headers=first.headers).json()["type"] == "client-not-active"
    assert decide(api, asked.json()["approval"]["id"], second).status_code == 200
    issued = api.post(f"{path}/secrets", headers=first.headers).json()
    token = api.post(
        "/oauth/token",
        data={"grant_type": "client_credentials"},
        auth=(issued["client_id"], issued["client_secret"]),
    ).json()["access_token"]
    assert tokens.verify(token)["agency"] == "tss"
    listed = api.get(f"{API}/clients", params={"limit": 200}, headers=first.headers)
    assert issued["client_id"] in [client["client_id"] for client in listed.json()["items"]]
    assert issued["client_secret"] not in listed.text


def test_a_refused_system_stays_outside(
    api: TestClient, session: Session, first: Person, second: Person
) -> None:
    given = {"name": "A system", "role": "cashier"}
    asked = api.post(f"{API}/clients", json=given, headers=first.headers).json()
    assert decide(api, asked["approval"]["id"], second, "refuse").status_code == 200
    answer = api.post(f"{API}/clients/{asked['client']['id']}/secrets", headers=first.headers)
    assert (answer.status_code, answer.json()["type"]) == (409, "client-not-active")


def test_a_new_secret_and_a_deactivation_end_what_was_before(
    api: TestClient, session: Session, first: Person
) -> None:
    made = factories.client(session, "auditor")
    before = {"Authorization": f"Bearer {factories.token_of(api, made)}"}
    assert api.get(f"{API}/audit-entries", headers=before).status_code == 200
    issued = api.post(f"{API}/clients/{made.id}/secrets", headers=first.headers).json()
    assert api.get(f"{API}/audit-entries", headers=before).status_code == 401

    def asked(secret: str) -> Any:
        form = {"grant_type": "client_credentials"}
        return api.post("/oauth/token", data=form, auth=(made.client_id, secret))

    assert asked(made.client_secret).status_code == 401
    after = {"Authorization": f"Bearer {asked(issued['client_secret']).json()['access_token']}"}
    assert api.get(f"{API}/audit-entries", headers=after).status_code == 200
    path = f"{API}/clients/{made.id}/deactivations"
    assert api.post(path, json={"reason": "not needed"}, headers=first.headers).status_code == 201
    assert api.get(f"{API}/audit-entries", headers=after).status_code == 401
    assert asked(issued["client_secret"]).status_code == 401


def test_the_audit_tells_the_console_from_people(api: TestClient, session: Session, first: Person) -> None:
    person, made = factories.person(session, "cashier"), factories.client(session)
    assert actions(session, person.id) == [("staff.add", "system", "from the host's console")]
    assert actions(session, made.id) == [("clients.add", "system", "from the host's console")]
    api.post(f"{API}/staff/{person.id}/deactivations", json={"reason": "left"}, headers=first.headers)
    assert actions(session, person.id)[1:] == [("staff.deactivate", "staff", "left")]
    entries = api.get(
        f"{API}/audit-entries", params={"subject_id": str(person.id)}, headers=first.headers
    ).json()["items"]
    assert [entry["action"] for entry in entries] == ["staff.deactivate", "staff.add"]
    assert entries[0]["actor_id"] == str(first.id)
    assert entries[1]["details"]["roles"] == ["cashier"]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/staff"),
        ("GET", "/staff"),
        ("POST", "/clients"),
        ("GET", "/clients"),
        ("GET", "/audit-entries"),
    ],
)
def test_a_cashier_manages_nobody(api: TestClient, session: Session, method: str, path: str) -> None:
    cashier = factories.person(session, "cashier")
    given = {"email": "x@y.example", "name": "Some", "role": "cashier"}
    answer = api.request(method, f"{API}{path}", json=given, headers=cashier.headers)
    assert answer.status_code == 403


@pytest.mark.parametrize(
    "wrong",
    [{"email": "no-address"}, {"email": "a\0@b.example"}, {"name": "A\0na"}, {"language": "xx"}, {"more": 1}],
)
def test_a_wrong_shape_names_its_field(
    api: TestClient, session: Session, first: Person, wrong: dict[str, Any]
) -> None:
    given = {"email": "new@mutual.example", "name": "Ana Ejemplo", **wrong}
    answer = api.post(f"{API}/staff", json=given, headers=first.headers)
    assert answer.status_code == 422
    assert next(iter(wrong)) in [error["field"] for error in answer.json()["errors"]]
