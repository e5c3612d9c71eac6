"""A shared phone is looked at by another person, and may stand."""

from sqlmodel import Session

from tests import tokens
from tests.registry.members.test_endpoints import audited
from tests.registry.people import Office

WHY = {"reason": "esposos, viven juntos"}


def test_another_person_lets_a_shared_phone_stand(office: Office, session: Session) -> None:
    organisation_id = office.organisation()
    office.registered(organisation_id, phone="8095550114")
    shared = office.registered(organisation_id, phone="8095550114")
    path = f"/v1/members/{shared['id']}/phone-reviews"

    answer = office.send(office.verifier, "POST", path, WHY)
    assert (answer.status_code, answer.json()["phone_needs_review"]) == (201, False)
    assert "members.review_phone" in audited(session, shared["id"])
    again = office.send(office.verifier, "POST", path, WHY)
    assert (again.status_code, again.json()["type"]) == (409, "nothing-to-review")


def test_who_registered_cannot_nor_can_a_system(office: Office) -> None:
    office.registered(phone="8095550115")
    office.promoter = tokens.staff("members:write", "members:verify", totp=True)
    shared = office.registered(phone="8095550115")
    path = f"/v1/members/{shared['id']}/phone-reviews"
    assert office.send(office.promoter, "POST", path, WHY).json()["type"] == "same-person-twice"
    assert office.send(tokens.client("members:verify"), "POST", path, WHY).status_code == 403


def test_another_phone_is_looked_at_anew(office: Office) -> None:
    office.registered(phone="8095550116")
    made = office.registered(phone="8095550117")
    path = f"/v1/members/{made['id']}"
    changed = office.send(office.promoter, "PATCH", path, {"phone": "8095550116"}, if_match='"1"')
    assert changed.json()["phone_needs_review"] is True
    freed = office.send(office.promoter, "PATCH", path, {"phone": None}, if_match='"2"')
    assert freed.json()["phone_needs_review"] is False
