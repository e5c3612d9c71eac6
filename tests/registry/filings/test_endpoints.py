"""What another part asks afresh before it files."""

from uuid import uuid4

from tests import tokens
from tests.registry.people import Office


def test_each_member_is_told_as_they_stand_on_the_day(office: Office) -> None:
    authorisation = office.authorised(valid_from="2026-02-01", expires_on="2026-12-31")
    organisation_id = office.organisation()
    signed = office.enrolled(organisation_id)
    late = office.enrolled(organisation_id, mandate={"signed_on": "2026-07-02", "text_version": "1"})
    unsigned = office.enrolled(organisation_id, mandate=None)
    applicant = office.registered(organisation_id)
    asked = [signed["id"], late["id"], unsigned["id"], applicant["id"], str(uuid4())]

    body = {"member_ids": asked, "on": "2026-07-01"}
    answer = office.send(tokens.service(), "POST", "/internal/filing-checks", body).json()

    told = {one.pop("member_id"): one for one in answer["members"]}
    assert told == {
        signed["id"]: {"state": "active", "has_mandate": True, "identity_verified": True},
        late["id"]: {"state": "active", "has_mandate": False, "identity_verified": True},
        unsigned["id"]: {"state": "active", "has_mandate": False, "identity_verified": True},
        applicant["id"]: {"state": "applicant", "has_mandate": True, "identity_verified": False},
    }
    assert answer["authorisation"]["id"] == authorisation["id"]


def test_an_authorisation_is_told_only_while_it_is_in_force(office: Office) -> None:
    office.authorised(valid_from="2026-02-01", expires_on="2026-06-30")
    newer = office.authorised(number="TSS-2", valid_from="2026-05-01", expires_on="2026-06-30")

    def on(day: str, **given: str) -> object:
        body = {"member_ids": [], "on": day, **given}
        answer = office.send(tokens.service(), "POST", "/internal/filing-checks", body).json()
        return answer["authorisation"] and answer["authorisation"]["number"]

    assert on("2026-01-31") is None
    assert on("2026-02-01") == "TSS-2026-0001"
    assert on("2026-06-30") == newer["number"]
    assert on("2026-07-01") is None
    assert on("2026-05-01", scheme="sn-mutual") is None


def test_only_another_part_may_ask(office: Office) -> None:
    body = {"member_ids": [], "on": "2026-07-01"}
    assert office.send(office.officer, "POST", "/internal/filing-checks", body).status_code == 403
    assert office.send(office.officer, "GET", "/internal/events").status_code == 403
    assert office.send(tokens.service(), "GET", "/internal/events").status_code == 200
