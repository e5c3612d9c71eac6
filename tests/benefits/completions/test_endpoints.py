"""The end of a list: whole or refused, and each of its items somebody's or in quarantine."""

from typing import Any

from fastapi.testclient import TestClient
from sqlmodel import Session

from tests.benefits import factories, stories
from tests.benefits.stories import AGENCY, announce, dop, get, item, post


def complete(api: TestClient, announced: Any) -> Any:
    return post(api, f"/agency/v1/disbursements/{announced.json()['id']}/completions", by=AGENCY)


def test_fewer_items_than_declared_refuse_the_whole(api: TestClient, session: Session) -> None:
    announced = announce(api, declared_count=2, declared_total=dop("200.00"))
    path = f"/agency/v1/disbursements/{announced.json()['id']}"
    post(api, f"{path}/items", {"items": [item(factories.member(session))]}, by=AGENCY)
    under = complete(api, announced)
    assert (under.status_code, under.json()["type"]) == (409, "under-declared-totals")
    assert (under.json()["item_count"], under.json()["declared_count"]) == (1, 2)
    assert get(api, path, by=AGENCY).json()["state"] == "refused"
    assert factories.rows(session, "SELECT FROM payouts") == []


def test_less_money_than_declared_refuses_the_whole(api: TestClient) -> None:
    announced = announce(api)
    path = f"/agency/v1/disbursements/{announced.json()['id']}"
    post(api, f"{path}/items", {"items": [item(amount=dop("99.99"))]}, by=AGENCY)
    assert complete(api, announced).json()["type"] == "under-declared-totals"


def test_a_refused_disbursement_gets_no_money(api: TestClient, session: Session) -> None:
    announced = announce(api, bank_reference="TRF-7")
    complete(api, announced)
    factories.funds(session, "TRF-7", 100_00)
    assert factories.balances(session) == {"bank": 100_00, "unassigned": -100_00}


def test_completing_again_changes_nothing(api: TestClient, session: Session) -> None:
    told = stories.disbursement(api, item(factories.member(session)))
    again = post(api, f"/agency/v1/disbursements/{told.id}/completions", by=AGENCY)
    assert (again.status_code, again.json()["state"]) == (201, "completed")
    assert len(factories.rows(session, "SELECT FROM payouts")) == 1


def test_an_item_of_a_member_becomes_a_payout_for_a_case(api: TestClient, session: Session) -> None:
    ana = factories.member(session)
    told = stories.disbursement(api, item(ana, case_number="EXP-1", from_on="2026-07-01"))
    [payout] = stories.payouts(api, told)
    assert (payout["member_id"], payout["state"], payout["amount"]) == (
        str(ana.id),
        "matched",
        dop("100.00"),
    )
    [case] = factories.rows(session, "SELECT agency, case_number, benefit, member_id, from_on FROM cases")
    assert (case.agency, case.case_number, case.benefit, case.member_id) == (
        "sisalril",
        "EXP-1",
        "maternity",
        ana.id,
    )


def test_an_item_of_nobody_waits_in_quarantine(api: TestClient, session: Session) -> None:
    wrong = item(reference="wrong")
    told = stories.disbursement(api, item(factories.member(session), reference="right"), wrong)
    assert stories.status(api, told) == {
        "right": ("matched", None),
        "wrong": ("quarantined", "no-member"),
    }
