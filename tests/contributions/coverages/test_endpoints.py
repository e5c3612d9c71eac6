"""What is told of a member's cover, to whom, and that it is noted who looked."""

from datetime import date
from uuid import UUID

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text
from sqlmodel import Session

from services.contributions.coverages.jobs import withdraw_coverage
from services.kit import clock
from tests import tokens
from tests.contributions import billing, factories
from tests.contributions.billing import ACCOUNTANT, Payroll, bill, compared, decide, post, read


@pytest.fixture
def paid(session: Session, api: TestClient) -> Payroll:
    return billing.payroll(session, api)


def on(session: Session, day: date) -> None:
    clock.set_business_today(session, day)
    session.commit()


def listed(api: TestClient, period: str, state: str) -> set[UUID]:
    items = read(api, f"/v1/coverage?period={period}&state={state}")["items"]
    assert {one["state"] for one in items} <= {state}
    return {UUID(one["member_id"]) for one in items}


def test_a_month_from_declared_to_covered_to_the_tail(
    api: TestClient, session: Session, paid: Payroll
) -> None:
    ana, stranger = paid.members[0], factories.member(session)
    path = f"/v1/members/{ana}/coverage"
    told = read(api, path)
    assert (told["state"], told["covered"], told["until"]) == ("pending", False, None)
    assert [(one["period"], one["state"]) for one in told["months"]] == [("2026-07", "pending")]
    assert listed(api, "2026-07", "pending") == set(paid.members)
    assert listed(api, "2026-07", "none") == {stranger}

    notice = compared(api, bill(paid))
    remittance_id = billing.remitted(api, notice)
    on(session, date(2026, 8, 6))
    told = read(api, path)
    assert (told["state"], told["since"], told["until"], told["tail_until"]) == (
        "covered",
        "2026-08-01",
        "2026-08-31",
        "2026-10-30",
    )
    [month] = told["months"]
    assert (month["state"], month["notice_id"], month["reference"], month["remittance_id"]) == (
        "covered",
        notice["id"],
        "NP-202607-0001",
        remittance_id,
    )
    assert listed(api, "2026-07", "covered") == set(paid.members)
    assert listed(api, "2026-08", "tail") == set(paid.members)
    assert listed(api, "2026-10", "none") == {*paid.members, stranger}

    on(session, date(2026, 9, 15))
    assert read(api, path)["state"] == "tail"
    on(session, date(2026, 11, 15))
    assert (read(api, path)["state"], read(api, f"{path}?last=1")["until"]) == ("none", "2026-08-31")


def test_what_came_back_is_pending_again_and_says_why(
    api: TestClient, session: Session, paid: Payroll
) -> None:
    remittance_id = billing.remitted(api, compared(api, bill(paid)))
    decide(api, post(api, f"/v1/remittances/{remittance_id}/returns", {"reason": "sent back"}).json())
    withdraw_coverage(remittance_id=remittance_id)
    told = read(api, f"/v1/members/{paid.members[0]}/coverage")
    assert (told["state"], told["until"]) == ("pending", None)
    [month] = told["months"]
    assert (month["state"], month["withdrawn_because"]) == ("pending", "remittance_returned")
    assert listed(api, "2026-07", "pending") == set(paid.members)
    assert listed(api, "2026-07", "covered") == set()


def test_the_list_comes_in_pages_and_ends_at_the_readers_organisations(
    api: TestClient, session: Session
) -> None:
    union, other = factories.organisation(session), factories.organisation(session)
    branch = factories.organisation(session, parent_id=union)
    given = [{"organisation_id": one} for one in (branch, branch, branch, other)]
    paid = billing.payroll(session, api, *given)
    billing.remitted(api, compared(api, bill(paid)))
    head = tokens.headers(tokens.staff("coverage:read", roots=[union]))
    path, seen = "/v1/coverage", []
    answer = api.get(f"{path}?period=2026-07&limit=2", headers=head)
    while True:
        seen += [UUID(one["member_id"]) for one in answer.json()["items"]]
        if "next" not in answer.links:
            break
        answer = api.get(path + answer.links["next"]["url"], headers=head)
    assert seen == sorted(paid.members[:3])
    assert api.get(f"/v1/members/{paid.members[3]}/coverage", headers=head).status_code == 404
    assert api.get(f"/v1/members/{paid.members[0]}/coverage", headers=head).status_code == 200


def test_it_is_noted_who_looked(api: TestClient, session: Session, paid: Payroll) -> None:
    read(api, f"/v1/members/{paid.members[0]}/coverage")
    noted = session.execute(
        text("SELECT actor_id FROM audit_log WHERE action = 'coverage.open' AND subject_id = :id"),
        {"id": paid.members[0]},
    ).scalars()
    assert list(noted) == [ACCOUNTANT.subject]


WRONG_SHAPES = ["/v1/coverage?state=maybe", "/v1/coverage?period=2026-13", "/v1/members/x/coverage"]


def test_a_wrong_shape_and_a_missing_right_are_refused(api: TestClient) -> None:
    for path in WRONG_SHAPES:
        assert api.get(path, headers=tokens.headers(ACCOUNTANT)).status_code == 422, path
    nobody = tokens.headers(tokens.staff("payments:read"))
    for path in ("/v1/coverage", f"/v1/members/{UUID(int=1)}/coverage"):
        assert api.get(path, headers=nobody).status_code == 403, path
