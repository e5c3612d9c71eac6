"""Verifications: the second person is another, is of the staff, and has just given a code."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, select

from services.kit import clock
from services.kit.principals import Principal
from services.registry.verifications.models import Verification
from tests import tokens
from tests.registry.members.test_endpoints import announced, audited
from tests.registry.people import Office, a_dependant, cedula


def test_verifying_makes_an_applicant_active_and_announces_them(office: Office, session: Session) -> None:
    document = cedula()
    made = office.registered(
        documents=[{"type": "P", "number": "AB12345"}, {"type": "C", "number": document}],
        phone="8095550104",
        dependants=[a_dependant(), a_dependant(relation="parent", kind="additional", given_names="Ada")],
    )
    answer = office.send(office.verifier, "POST", f"/v1/members/{made['id']}/verifications")

    assert (answer.status_code, answer.json()["state"]) == (201, "active")
    [state] = announced(session, "registry.member_enrolled.v1")
    assert state == {
        "member_id": made["id"],
        "version": 2,
        "member_number": made["member_number"],
        "organisation_id": office.opened(made["id"])["organisation_id"],
        "state": "active",
        "given_names": "Laura",
        "first_surname": "Méndez",
        "second_surname": "Muestra",
        "sex": "F",
        "birth_date": "1995-03-12",
        "document_type": "C",
        "document_number": document,
        "phone": "+18095550104",
        "language": "es",
        "declared_wage_minor": 1842120,
        "currency": "DOP",
        "risk_class": "I",
        "additional_dependants": 1,
        "has_mandate": True,
        "identity_verified": True,
    }
    assert "members.verify" in audited(session, made["id"])
    [verification] = session.exec(select(Verification)).all()
    assert (verification.verified_by, verification.member_version) == (office.verifier.subject, 2)


def stale_code() -> Principal:
    return tokens.staff("members:verify", totp_at=clock.now() - timedelta(minutes=16))


@pytest.mark.parametrize(
    "who", [stale_code(), tokens.staff("members:verify"), tokens.client("members:verify"), tokens.staff()]
)
def test_only_staff_with_a_fresh_code_and_the_right_can_verify(
    office: Office, session: Session, who: Principal
) -> None:
    made = office.registered()
    assert office.send(who, "POST", f"/v1/members/{made['id']}/verifications").status_code == 403
    assert announced(session, "registry.member_enrolled.v1") == []


def test_who_registered_cannot_verify(office: Office, session: Session) -> None:
    both = tokens.staff("members:write", "members:verify", totp=True)
    office.promoter, promoter = both, office.promoter
    made = office.registered()
    refused = office.send(both, "POST", f"/v1/members/{made['id']}/verifications")
    assert (refused.status_code, refused.json()["type"]) == (403, "same-person-twice")

    # Nor can who changed the identity last, though another registered.
    office.promoter = promoter
    other = office.registered()
    office.send(both, "PATCH", f"/v1/members/{other['id']}", {"given_names": "Lara"}, if_match='"1"')
    assert office.send(both, "POST", f"/v1/members/{other['id']}/verifications").status_code == 403
    assert announced(session, "registry.member_enrolled.v1") == []


def test_the_database_itself_refuses_the_same_person(office: Office, session: Session) -> None:
    made = office.registered()
    with pytest.raises(DBAPIError, match="ck_verifications_two_people"):
        session.execute(
            text(
                "INSERT INTO verifications"
                " (member_id, member_version, registered_by, content_by, verified_by)"
                " VALUES (:member_id, 1, :one, :other, :other)"
            ),
            {"member_id": made["id"], "one": uuid4(), "other": uuid4()},
        )
    session.rollback()


def test_a_verification_is_never_changed(office: Office, session: Session) -> None:
    office.enrolled()
    with pytest.raises(DBAPIError, match=r"denied|refused"):
        session.execute(text("UPDATE verifications SET verified_by = gen_random_uuid()"))
    session.rollback()


def test_verifying_twice_is_told(office: Office, session: Session) -> None:
    made = office.enrolled()
    again = office.send(office.verifier, "POST", f"/v1/members/{made['id']}/verifications")
    assert (again.status_code, again.json()["type"]) == (409, "already-verified")
    assert len(announced(session, "registry.member_enrolled.v1")) == 1


def test_nobody_is_verified_without_a_document(office: Office) -> None:
    made = office.registered(documents=[])
    refused = office.send(office.verifier, "POST", f"/v1/members/{made['id']}/verifications")
    assert (refused.status_code, refused.json()["type"]) == (409, "no-document")


def test_a_member_out_of_reach_cannot_be_verified(office: Office) -> None:
    made = office.registered()
    elsewhere = tokens.staff("members:verify", totp=True, roots=[UUID(office.organisation())])
    assert office.send(elsewhere, "POST", f"/v1/members/{made['id']}/verifications").status_code == 404
