"""Dependants: they join and leave a family, and the member's charge follows."""

from uuid import uuid4

from sqlmodel import Session

from tests.registry.members.test_endpoints import announced
from tests.registry.people import Office, a_dependant


def test_adding_a_paid_dependant_announces_the_member_anew(office: Office, session: Session) -> None:
    made = office.enrolled()
    body = a_dependant(relation="parent", kind="additional", birth_date="1950-02-02")
    answer = office.send(office.promoter, "POST", f"/v1/members/{made['id']}/dependants", body)

    assert (answer.status_code, answer.headers["ETag"]) == (201, '"3"')
    [state] = announced(session, "registry.member_changed.v1")
    assert (state["version"], state["additional_dependants"], state["identity_verified"]) == (3, 1, True)


def test_a_dependant_who_left_is_kept_and_no_longer_paid_for(office: Office, session: Session) -> None:
    made = office.enrolled(dependants=[a_dependant(relation="other", kind="additional")])
    [dependant] = office.opened(made["id"])["dependants"]
    path = f"/v1/members/{made['id']}/dependants/{dependant['id']}/endings"
    ending = {"ended_on": "2026-06-30", "reason": "se fue a vivir aparte"}

    assert office.send(office.promoter, "POST", path, ending).status_code == 201
    assert (
        office.send(office.promoter, "POST", path, ending).json()["member_version"] == 3
    )  # no second effect

    [state] = announced(session, "registry.member_changed.v1")
    assert state["additional_dependants"] == 0
    [kept] = office.opened(made["id"])["dependants"]
    assert kept["ended_on"] == "2026-06-30"
    unknown = path.replace(dependant["id"], str(uuid4()))
    assert office.send(office.promoter, "POST", unknown, ending).json()["type"] == "no-such-dependant"


def test_nobody_is_twice_in_one_family(office: Office) -> None:
    document = {"type": "N", "number": "4711"}
    path = f"/v1/members/{office.registered(dependants=[a_dependant(document=document)])['id']}/dependants"
    for given in (
        {},
        {"given_names": "NINA", "document": None},
        {"given_names": "Ana", "document": document},
    ):
        refused = office.send(office.promoter, "POST", path, a_dependant(**given))
        assert (refused.status_code, refused.json()["type"]) == (409, "dependant-already-there")
    twin = a_dependant(given_names="Lina")
    assert office.send(office.promoter, "POST", path, twin).status_code == 201


def test_both_parents_may_have_the_same_child(office: Office) -> None:
    child = a_dependant(document={"type": "N", "number": "4712"})
    office.registered(dependants=[child])
    office.registered(dependants=[child])
