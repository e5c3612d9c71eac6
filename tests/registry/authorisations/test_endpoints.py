"""Authorisations: one person records the State's document, another puts it in force."""

import pytest
from sqlmodel import Session, select

from services.kit.events.tables import outbox
from tests import tokens
from tests.registry.people import Office, an_authorisation


def states(office: Office) -> list[str]:
    listed = office.send(office.manager, "GET", "/v1/authorisations").json()["items"]
    return [one["state"] for one in listed]


def test_two_people_put_one_in_force_and_it_is_announced(office: Office, session: Session) -> None:
    proposed = office.send(
        office.manager, "POST", "/v1/authorisations", an_authorisation(employer_number="999-000004")
    )
    assert (proposed.status_code, proposed.json()["state"]) == (201, "proposed")
    assert proposed.json()["employer_number_checks"] is True
    [waiting] = office.send(office.head, "GET", "/v1/approvals").json()["items"]
    assert waiting["facts"]["minimum_wage"] == {"amount": "16993.20", "currency": "DOP"}

    office.send(office.head, "POST", f"/v1/approvals/{waiting['id']}/decisions", {"decision": "approve"})

    assert states(office) == ["in_force"]
    name, data = session.execute(select(outbox.c.name, outbox.c.data)).one()
    assert name == "registry.authorisation_changed.v1"
    assert data == {
        "authorisation_id": proposed.json()["id"],
        "version": 2,
        "state": "in_force",
        "scheme": "do-sdss",
        "employer_number": "999000004",
        "payroll_codes": ["001"],
        "minimum_wage_minor": 1699320,
        "currency": "DOP",
        "valid_from": "2026-01-02",
        "expires_on": None,
        "infotep": False,
    }


def test_who_proposed_cannot_put_it_in_force(office: Office, session: Session) -> None:
    scopes = ("authorisations:write", "authorisations:approve", "approvals:read", "organisations:read")
    office.manager = tokens.staff(*scopes, totp=True)
    office.send(office.manager, "POST", "/v1/authorisations", an_authorisation())
    [waiting] = office.send(office.manager, "GET", "/v1/approvals").json()["items"]
    path = f"/v1/approvals/{waiting['id']}/decisions"
    refused = office.send(office.manager, "POST", path, {"decision": "approve"})
    assert (refused.status_code, refused.json()["type"]) == (403, "same-person-twice")
    assert states(office) == ["proposed"]
    assert session.execute(select(outbox.c.id)).all() == []


def test_a_refused_one_frees_its_number(office: Office) -> None:
    office.send(office.manager, "POST", "/v1/authorisations", an_authorisation())
    again = office.send(office.manager, "POST", "/v1/authorisations", an_authorisation())
    assert (again.status_code, again.json()["type"]) == (409, "number-taken")
    [waiting] = office.send(office.head, "GET", "/v1/approvals").json()["items"]
    decision = {"decision": "refuse", "reason": "la fecha no es la del papel"}
    office.send(office.head, "POST", f"/v1/approvals/{waiting['id']}/decisions", decision)
    assert office.send(office.manager, "POST", "/v1/authorisations", an_authorisation()).status_code == 201
    assert states(office) == ["refused", "proposed"]


def test_a_system_cannot_propose(office: Office) -> None:
    system = tokens.client("authorisations:write")
    assert office.send(system, "POST", "/v1/authorisations", an_authorisation()).status_code == 403


@pytest.mark.parametrize(
    "given",
    [
        {"employer_number": "12345"},
        {"payroll_codes": []},
        {"payroll_codes": ["0001"]},
        {"minimum_wage": {"amount": "0.00", "currency": "DOP"}},
        {"expires_on": "2025-12-31"},
        {"scheme": "DO SDSS"},
    ],
)
def test_what_cannot_be_on_the_paper_is_refused(office: Office, given: dict[str, object]) -> None:
    answer = office.send(office.manager, "POST", "/v1/authorisations", an_authorisation(**given))
    assert answer.status_code == 422
