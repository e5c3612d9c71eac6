"""The token endpoint of OAuth 2.0, by the letter of RFC 6749."""

import base64
from typing import Any
from urllib.parse import quote_plus

import httpx
import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text
from sqlmodel import Session

from gateway.identity import clients
from gateway.limits import buckets
from services.kit import tokens
from tests.gateway import factories

GRANT = {"grant_type": "client_credentials"}


def ask(api: TestClient, form: dict[str, Any], **given: Any) -> httpx.Response:
    answer: httpx.Response = api.post("/oauth/token", data=form, **given)
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["content-type"] == "application/json"
    return answer


def basic(client_id: str, secret: str) -> dict[str, str]:
    shown = base64.b64encode(f"{quote_plus(client_id)}:{quote_plus(secret)}".encode()).decode()
    return {"Authorization": f"Basic {shown}"}


def test_credentials_by_basic_and_in_the_form_are_worth_the_same(api: TestClient, session: Session) -> None:
    made = factories.client(session, "cashier")
    inside = {"client_id": made.client_id, "client_secret": made.client_secret}
    for answer in (
        ask(api, GRANT, headers=basic(made.client_id, made.client_secret)),
        ask(api, {**GRANT, **inside}),
        ask(api, {**GRANT, "client_id": made.client_id}, headers=basic(made.client_id, made.client_secret)),
    ):
        assert answer.status_code == 200, answer.text
        body = answer.json()
        assert (body["token_type"], body["expires_in"]) == ("Bearer", 600)
        claims = tokens.verify(body["access_token"])
        assert (claims["sub"], claims["kind"]) == (str(made.id), "client")
        assert claims["scope"] == body["scope"]
        assert "payments:take" in body["scope"].split()


def test_an_agency_s_token_names_its_agency(api: TestClient, session: Session) -> None:
    made = factories.client(session, "state_agency", agency="tss")
    claims = tokens.verify(factories.token_of(api, made))
    assert claims["agency"] == "tss"
    assert claims["scope"] == "agency:declarations agency:disbursements agency:notices"


def test_a_client_may_ask_for_fewer_rights_and_not_for_more(api: TestClient, session: Session) -> None:
    made = factories.client(session, "cashier")
    credentials = basic(made.client_id, made.client_secret)
    fewer = ask(api, {**GRANT, "scope": "payments:read payments:take"}, headers=credentials)
    assert tokens.verify(fewer.json()["access_token"])["scope"] == "payments:read payments:take"
    more = ask(api, {**GRANT, "scope": "payments:read staff:manage"}, headers=credentials)
    assert (more.status_code, more.json()["error"]) == (400, "invalid_scope")


@pytest.mark.parametrize(
    ("form", "error"),
    [
        ({}, "invalid_request"),
        ({"grant_type": ["client_credentials", "client_credentials"]}, "invalid_request"),
        ({"grant_type": "password"}, "unsupported_grant_type"),
        ({"grant_type": "authorization_code", "code": "x"}, "unsupported_grant_type"),
        ({**GRANT, "client_secret": "also-here"}, "invalid_request"),
        ({**GRANT, "client_id": "another"}, "invalid_request"),
        ({f"field{n}": "x" for n in range(20)}, "invalid_request"),
    ],
)
def test_a_request_in_the_wrong_shape_is_told_so(
    api: TestClient, session: Session, form: dict[str, Any], error: str
) -> None:
    made = factories.client(session)
    answer = ask(api, form, headers=basic(made.client_id, made.client_secret))
    assert (answer.status_code, answer.json()["error"]) == (400, error)


def test_only_a_form_is_read(api: TestClient) -> None:
    for given in ({"json": GRANT}, {"content": b"grant_type=client_credentials"}):
        answer = api.post("/oauth/token", **given)
        assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = api.post("/oauth/token", content=b"grant_type=\xff\xfe", headers=form)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")


@pytest.mark.parametrize(
    "headers",
    [
        {},
        basic("nobody", "nothing"),
        basic("no\0body", "nothing"),
        {"Authorization": "Basic not-base64"},
        {"Authorization": "Basic " + base64.b64encode(b"no-colon").decode()},
        {"Authorization": "Basic " + base64.b64encode(b"\xff\xfe:x").decode()},
        {"Authorization": "Bearer abc"},
    ],
)
def test_credentials_of_nobody_are_refused(api: TestClient, headers: dict[str, str]) -> None:
    answer = ask(api, GRANT, headers=headers)
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")
    assert answer.headers["WWW-Authenticate"].startswith("Basic")


def test_a_wrong_secret_is_refused(api: TestClient, session: Session) -> None:
    made = factories.client(session)
    for secret in ("", made.client_secret[:-1], made.client_secret + "x"):
        assert ask(api, GRANT, headers=basic(made.client_id, secret)).status_code == 401


@pytest.mark.parametrize("state", ["pending", "refused", "deactivated"])
def test_a_system_that_is_not_active_is_refused(api: TestClient, session: Session, state: str) -> None:
    made = factories.client(session)
    session.execute(text("UPDATE clients SET state = :state WHERE id = :id"), {"state": state, "id": made.id})
    session.commit()
    assert ask(api, GRANT, headers=basic(made.client_id, made.client_secret)).status_code == 401


def test_secrets_are_not_kept(session: Session) -> None:
    made = factories.client(session)
    row = session.execute(
        text("SELECT clients::text FROM clients WHERE id = :id"), {"id": made.id}
    ).scalar_one()
    assert made.client_secret not in row


def test_one_address_cannot_try_secrets_without_end(api: TestClient) -> None:
    buckets.openings().size, buckets.openings().per_second = 3, 0.5
    statuses = [api.post("/oauth/token", data=GRANT).status_code for _ in range(5)]
    assert statuses == [401, 401, 401, 429, 429]


def test_the_parts_get_the_credentials_of_their_environment(api: TestClient, session: Session) -> None:
    first, second = "first-secret-of-the-registry-0123", "second-secret-of-the-registry-456"
    clients.ensure_service_clients(session, {"registry": first, "benefits": first})
    clients.ensure_service_clients(session, {"registry": first})
    session.commit()
    answer = ask(api, GRANT, headers=basic("service-registry", first))
    claims = tokens.verify(answer.json()["access_token"])
    assert (claims["kind"], claims["scope"]) == ("service", "internal")

    clients.ensure_service_clients(session, {"registry": second})
    session.commit()
    assert ask(api, GRANT, headers=basic("service-registry", first)).status_code == 401
    again = ask(api, GRANT, headers=basic("service-registry", second))
    assert tokens.verify(again.json()["access_token"])["sub"] == claims["sub"]
    assert ask(api, GRANT, headers=basic("service-benefits", first)).status_code == 200


def test_a_secret_that_could_be_guessed_is_not_taken(session: Session) -> None:
    with pytest.raises(ValueError, match="characters"):
        clients.ensure_service_clients(session, {"registry": "registry"})


@pytest.mark.parametrize("role", ["service", "head", "nonsense"])
def test_some_roles_are_not_for_systems(session: Session, role: str) -> None:
    with pytest.raises(ValueError, match="role"):
        clients.add(session, "A system", role)


@pytest.mark.parametrize(("role", "agency"), [("state_agency", None), ("cashier", "tss")])
def test_an_agency_goes_with_an_agency_s_role(session: Session, role: str, agency: str | None) -> None:
    with pytest.raises(clients.problems.AgencyMissing):
        clients.add(session, "A system", role, agency)
