"""Back to the State: an item by a clerk, a payout by two people, and the day on which the money left."""

from typing import Any
from uuid import uuid4

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session

from tests.benefits import factories, stories
from tests.benefits.races import at_once
from tests.benefits.stories import AGENCY, CASHIER, CLERK, OFFICER, decide, get, item, post


def waiting_item(api: TestClient) -> str:
    [waiting] = get(api, "/v1/quarantine", by=CLERK).json()["items"]
    found: str = waiting["id"]
    return found


def return_item(api: TestClient, item_id: str, reason: str = "not-a-member") -> Any:
    return post(api, f"/v1/items/{item_id}/returns", {"reason": reason}, by=CLERK)


def test_an_item_that_matches_nobody_goes_back(api: TestClient, session: Session) -> None:
    told = stories.funded(api, session, item(reference="1"))
    item_id = waiting_item(api)
    first, second = return_item(api, item_id), return_item(api, item_id)
    assert first.status_code == 201, first.text
    assert first.json() == second.json()
    assert (first.json()["amount"], first.json()["sent_on"]) == (stories.dop("100.00"), None)
    assert stories.status(api, told) == {"1": ("returned", "no-member")}
    assert factories.balances(session) == {"bank": 100_00, "returned": -100_00}


def test_nothing_goes_back_that_has_not_come(api: TestClient, session: Session) -> None:
    stories.disbursement(api, item())
    refused = return_item(api, waiting_item(api))
    assert (refused.status_code, refused.json()["type"]) == (409, "not-funded")


def test_a_matched_item_is_not_returned_by_a_clerk(api: TestClient, session: Session) -> None:
    told = stories.funded(api, session, item(factories.member(session)))
    [payout] = stories.payouts(api, told)
    assert return_item(api, payout["item_id"]).json()["type"] == "not-in-quarantine"
    assert return_item(api, str(uuid4())).status_code == 404


def test_a_reason_is_one_of_those_that_name_no_illness(api: TestClient) -> None:
    assert return_item(api, str(uuid4()), reason="cancer").status_code == 422


def test_a_payout_goes_back_when_two_people_say_so(api: TestClient, session: Session) -> None:
    ana = factories.member(session)
    told = stories.funded(api, session, item(ana))
    [payout] = stories.payouts(api, told)
    asked = post(api, f"/v1/payouts/{payout['id']}/returns", {"reason": "deceased"}, by=OFFICER)
    assert asked.status_code == 201, asked.text
    assert stories.payouts(api, told)[0]["state"] == "releasable"
    assert decide(api, asked.json()["id"]).status_code == 200
    assert list(stories.status(api, told).values()) == [("returned", "deceased")]
    assert factories.balances(session) == {"bank": 100_00, "returned": -100_00}
    [event] = factories.announced(session, "benefits.payout_returned.v1")
    assert event == {
        "payout_id": payout["id"],
        "member_id": str(ana.id),
        "organisation_id": str(ana.organisation_id),
        "amount_minor": 100_00,
        "currency": "DOP",
        "reason": "deceased",
    }


def test_a_released_payout_is_not_returned(api: TestClient, session: Session) -> None:
    told = stories.released(api, session, item(factories.member(session)))
    [payout] = stories.payouts(api, told)
    refused = post(api, f"/v1/payouts/{payout['id']}/returns", {"reason": "deceased"}, by=OFFICER)
    assert (refused.status_code, refused.json()["type"]) == (409, "payout-not-there")


def test_the_same_days_may_be_paid_anew_after_a_return(api: TestClient, session: Session) -> None:
    ana = factories.member(session)
    days = {"case_number": "EXP-1", "from_on": "2026-07-01"}
    told = stories.funded(api, session, item(ana, **days))
    [payout] = stories.payouts(api, told)
    asked = post(api, f"/v1/payouts/{payout['id']}/returns", {"reason": "wrong-amount"}, by=OFFICER)
    decide(api, asked.json()["id"])
    again = stories.disbursement(api, item(ana, reference="again", **days))
    assert stories.status(api, again) == {"again": ("matched", None)}


def test_the_bank_shows_that_returned_money_left(api: TestClient, session: Session) -> None:
    stories.funded(api, session, item())
    made = return_item(api, waiting_item(api)).json()
    [unsent] = get(api, "/v1/returns", by=OFFICER, state="unsent").json()["items"]
    path, body = (
        f"/v1/returns/{unsent['id']}/transfers",
        {"bank_reference": "B-9", "sent_on": "2026-07-20"},
    )
    for _ in range(2):
        sent = post(api, path, body, by=CASHIER)
        assert (sent.status_code, sent.json()["sent_on"]) == (201, "2026-07-20")
    assert sent.json()["id"] == made["id"]
    other = post(api, path, body | {"bank_reference": "B-10"}, by=CASHIER)
    assert (other.status_code, other.json()["type"]) == (409, "sent-otherwise")
    assert factories.balances(session) == {}
    assert get(api, "/v1/returns", by=OFFICER, state="unsent").json()["items"] == []


@pytest.mark.parametrize("stranger", [OFFICER, CASHIER, AGENCY])
def test_only_a_matching_clerk_returns_an_item(api: TestClient, stranger: Any) -> None:
    path = f"/v1/items/{uuid4()}/returns"
    assert post(api, path, {"reason": "other"}, by=stranger).status_code == 403


def test_a_match_and_a_return_at_once_do_one_of_the_two(racing: TestClient, committed: Session) -> None:
    ana = factories.member(committed)
    told = stories.funded(racing, committed, item())
    [waiting] = get(racing, f"{told.path}/items", by=OFFICER).json()["items"]
    answers = at_once(
        lambda: return_item(racing, waiting["id"]),
        lambda: post(racing, f"/v1/items/{waiting['id']}/matches", {"member_id": str(ana.id)}, by=CLERK),
    )
    assert sorted(answer.status_code for answer in answers) == [201, 409]
