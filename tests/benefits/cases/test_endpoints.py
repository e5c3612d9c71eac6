"""Cases: opened by officers, seen by whoever may read health data."""

from typing import Any
from uuid import uuid4

from fastapi.testclient import TestClient
from sqlmodel import Session

from services.benefits.members import Member
from tests import tokens
from tests.benefits import factories, stories
from tests.benefits.stories import CLERK, get, item, post

DOCTOR = tokens.staff("items:match", "benefits:read_health")


def open_case(api: TestClient, owner: Member, by: Any = DOCTOR, **given: Any) -> Any:
    body = {
        "member_id": str(owner.id),
        "agency": "sisalril",
        "case_number": "EXP-1",
        "benefit": "maternity",
        "from_on": "2026-07-01",
    }
    return post(api, "/v1/cases", body | given, by=by)


def test_a_case_is_opened_once(api: TestClient, session: Session) -> None:
    ana = factories.member(session)
    first, second = open_case(api, ana), open_case(api, ana)
    assert (first.status_code, second.json()) == (201, first.json())
    [listed] = get(api, "/v1/cases", by=DOCTOR, member_id=str(ana.id)).json()["items"]
    assert (listed["case_number"], listed["benefit"]) == ("EXP-1", "maternity")


def test_a_number_stands_for_one_case(api: TestClient, session: Session) -> None:
    ana = factories.member(session)
    open_case(api, ana)
    for refused in (open_case(api, factories.member(session)), open_case(api, ana, benefit="refund")):
        assert (refused.status_code, refused.json()["type"]) == (409, "case-of-another")


def test_an_item_joins_the_case_that_is_open(api: TestClient, session: Session) -> None:
    ana = factories.member(session)
    case = open_case(api, ana).json()
    stories.disbursement(api, item(ana, case_number="EXP-1"))
    [payout] = factories.rows(session, "SELECT case_id FROM payouts")
    assert str(payout.case_id) == case["id"]


def test_only_whoever_may_read_health_data_meets_cases(api: TestClient, session: Session) -> None:
    ana = factories.member(session)
    assert open_case(api, ana, by=CLERK).status_code == 403
    assert get(api, "/v1/cases", by=CLERK, member_id=str(ana.id)).status_code == 403


def test_wrong_days_and_unknown_members_are_refused(api: TestClient, session: Session) -> None:
    ana = factories.member(session)
    assert open_case(api, ana, until_on="2026-06-30").status_code == 422
    assert open_case(api, ana, member_id=str(uuid4())).status_code == 404
