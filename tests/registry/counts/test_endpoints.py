"""Counts for the dashboard, within one's reach."""

from uuid import UUID

from tests import tokens
from tests.registry.people import Office, a_dependant


def test_members_families_and_what_waits_are_counted_within_reach(office: Office) -> None:
    here, there = office.organisation(), office.organisation()
    office.enrolled(here, phone="8095550105", dependants=[a_dependant()])
    office.registered(
        here,
        phone="8095550105",
        dependants=[a_dependant(), a_dependant(relation="parent", kind="additional")],
    )
    office.registered(there)

    assert office.send(office.promoter, "GET", "/v1/counts").json() == {
        "organisations": 2,
        "members": {"applicant": 2, "active": 1, "out": 0},
        "unverified": 2,
        "phones_to_review": 1,
        "dependants": {"direct": 2, "additional": 1},
    }
    head = tokens.staff("members:read", roots=[UUID(there)])
    assert office.send(head, "GET", "/v1/counts").json() == {
        "organisations": 1,
        "members": {"applicant": 1, "active": 0, "out": 0},
        "unverified": 1,
        "phones_to_review": 0,
        "dependants": {"direct": 0, "additional": 0},
    }
