"""Reading payouts: who sees which, and what a benefit is for."""

from uuid import uuid4

from fastapi.testclient import TestClient
from sqlmodel import Session

from tests import tokens
from tests.benefits import factories, stories
from tests.benefits.stories import OFFICER, get, item

NURSE = tokens.staff("benefits:read", "benefits:read_health")


def test_a_members_benefits_are_listed_and_the_reading_is_noted(api: TestClient, session: Session) -> None:
    ana = factories.member(session)
    stories.funded(api, session, item(ana, from_on="2026-07-01", until_on="2026-07-14"))
    answer = get(api, f"/v1/members/{ana.id}/benefits", by=OFFICER)
    assert answer.status_code == 200, answer.text
    [benefit] = answer.json()["items"]
    assert (benefit["amount"], benefit["state"], benefit["waiting_days"]) == (
        stories.dop("100.00"),
        "releasable",
        0,
    )
    [row] = factories.rows(session, "SELECT * FROM audit_log WHERE subject_id = :id", id=ana.id)
    assert (row.action, row.actor_id) == ("benefits.read", OFFICER.subject)


def test_what_a_benefit_is_for_needs_the_right_to_health_data(api: TestClient, session: Session) -> None:
    ana = factories.member(session)
    stories.disbursement(api, item(ana, from_on="2026-07-01"))
    path = f"/v1/members/{ana.id}/benefits"
    [plain] = get(api, path, by=OFFICER).json()["items"]
    [full] = get(api, path, by=NURSE).json()["items"]
    assert (plain["benefit"], plain["from_on"]) == (None, None)
    assert (full["benefit"], full["from_on"]) == ("maternity", "2026-07-01")
    noted = factories.rows(session, "SELECT FROM audit_log WHERE action = 'benefits.read_health'")
    assert len(noted) == 1


def test_a_head_sees_the_members_of_their_organisations_only(api: TestClient, session: Session) -> None:
    union = factories.organisation(session)
    branch, other = factories.organisation(session, parent_id=union), factories.organisation(session)
    ana = factories.member(session, organisation_id=branch)
    eva = factories.member(session, organisation_id=other)
    stories.disbursement(api, item(ana), item(eva))
    head = tokens.staff("benefits:read", roots=[union])
    [seen] = get(api, "/v1/payouts", by=head).json()["items"]
    assert seen["member_id"] == str(ana.id)
    assert get(api, f"/v1/members/{ana.id}/benefits", by=head).status_code == 200
    assert get(api, f"/v1/members/{eva.id}/benefits", by=head).status_code == 404
    [hidden] = get(api, "/v1/payouts", by=OFFICER, member_id=str(eva.id)).json()["items"]
    assert get(api, f"/v1/payouts/{hidden['id']}", by=head).status_code == 404
    assert get(api, f"/v1/payouts/{hidden['id']}", by=OFFICER).status_code == 200


def test_a_payout_keeps_the_organisation_of_its_time(api: TestClient, session: Session) -> None:
    before, after = factories.organisation(session), factories.organisation(session)
    ana = factories.member(session, organisation_id=before)
    stories.disbursement(api, item(ana))
    factories.member(session, id=ana.id, version=2, organisation_id=after)
    former = tokens.staff("benefits:read", roots=[before])
    assert len(get(api, "/v1/payouts", by=former).json()["items"]) == 1
    assert get(api, f"/v1/members/{ana.id}/benefits", by=former).status_code == 404


def test_a_head_sees_only_what_came_while_the_member_was_theirs(api: TestClient, session: Session) -> None:
    before, after = factories.organisation(session), factories.organisation(session)
    ana = factories.member(session, organisation_id=before)
    stories.disbursement(api, item(ana))
    factories.member(session, id=ana.id, version=2, organisation_id=after)
    head = tokens.staff("benefits:read", roots=[after])
    assert get(api, f"/v1/members/{ana.id}/benefits", by=head).json()["items"] == []
    assert len(get(api, f"/v1/members/{ana.id}/benefits", by=OFFICER).json()["items"]) == 1


def test_an_unknown_member_is_not_found(api: TestClient) -> None:
    assert get(api, f"/v1/members/{uuid4()}/benefits", by=OFFICER).status_code == 404
