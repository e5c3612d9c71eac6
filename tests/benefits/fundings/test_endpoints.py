"""The money for a disbursement: claimed by reference and amount, whichever comes first, once."""

from datetime import date
from functools import partial
from uuid import uuid4

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session

from services.benefits import db, fundings
from services.benefits.fundings import FundsReceived
from tests.benefits import factories, stories
from tests.benefits.races import at_once
from tests.benefits.stories import OFFICER, announce, dop, get, item, post


def test_the_money_after_the_list_makes_its_payouts_releasable(api: TestClient, session: Session) -> None:
    ana = factories.member(session)
    told = stories.disbursement(api, item(ana), item(), bank_reference="TRF-1")
    factories.funds(session, "trf 1", 200_00)
    [payout] = stories.payouts(api, told)
    assert (payout["state"], payout["releasable_on"]) == ("releasable", "2026-07-20")
    assert factories.balances(session) == {
        "bank": 200_00,
        "unmatched": -100_00,
        "owed-to-members": -100_00,
    }
    assert factories.announced(session, "benefits.benefit_received.v1") == [
        {
            "payouts": [
                {
                    "payout_id": payout["id"],
                    "member_id": str(ana.id),
                    "organisation_id": str(ana.organisation_id),
                    "amount_minor": 100_00,
                    "currency": "DOP",
                }
            ]
        }
    ]


def test_the_money_before_the_list_waits_for_it(api: TestClient, session: Session) -> None:
    announced = announce(api, bank_reference="TRF-1")
    factories.funds(session, "TRF-1", 100_00)
    assert factories.balances(session) == {"bank": 100_00, "unassigned": -100_00}
    path = f"/agency/v1/disbursements/{announced.json()['id']}"
    post(api, f"{path}/items", {"items": [item(factories.member(session))]}, by=stories.AGENCY)
    post(api, f"{path}/completions", by=stories.AGENCY)
    assert factories.balances(session) == {"bank": 100_00, "owed-to-members": -100_00}


@pytest.mark.parametrize(
    ("reference", "amount_minor", "currency"),
    [("TRF-2", 100_00, "DOP"), ("TRF-1", 99_99, "DOP"), ("TRF-1", 100_00, "USD")],
    ids=["other reference", "other amount", "other currency"],
)
def test_money_that_does_not_fit_is_claimed_by_nobody(
    api: TestClient, session: Session, reference: str, amount_minor: int, currency: str
) -> None:
    stories.disbursement(api, item(factories.member(session)), bank_reference="TRF-1")
    factories.funds(session, reference, amount_minor, currency=currency)
    assert set(factories.balances(session)) == {"bank", "unassigned"}
    [unclaimed] = get(api, "/v1/fundings", by=OFFICER, state="unclaimed").json()["items"]
    assert (unclaimed["reference"], unclaimed["disbursement_id"]) == (reference, None)


def test_a_bank_line_told_twice_is_booked_once(api: TestClient, session: Session) -> None:
    line = uuid4()
    factories.funds(session, "TRF-1", 100_00, bank_line_id=line)
    factories.funds(session, "TRF-1", 100_00, bank_line_id=line)
    assert factories.balances(session)["bank"] == 100_00


def test_two_bank_lines_pay_for_two_disbursements(api: TestClient, session: Session) -> None:
    for _ in range(2):
        stories.disbursement(api, item(factories.member(session)), bank_reference="TRF-1")
        factories.funds(session, "TRF-1", 100_00)
    assert factories.balances(session) == {"bank": 200_00, "owed-to-members": -200_00}


def test_money_for_a_disbursement_paid_for_already_is_unclaimed(api: TestClient, session: Session) -> None:
    stories.funded(api, session, item(factories.member(session)), bank_reference="TRF-1")
    factories.funds(session, "TRF-1", 100_00)
    assert factories.balances(session)["unassigned"] == -100_00


def unclaimed_id(api: TestClient) -> str:
    [unclaimed] = get(api, "/v1/fundings", by=OFFICER, state="unclaimed").json()["items"]
    found: str = unclaimed["id"]
    return found


def test_a_person_assigns_money_whose_reference_the_bank_lost(api: TestClient, session: Session) -> None:
    told = stories.disbursement(api, item(factories.member(session)))
    factories.funds(session, "?", 100_00)
    path = f"/v1/fundings/{unclaimed_id(api)}/assignments"
    for _ in range(2):
        assigned = post(api, path, {"disbursement_id": str(told.id)}, by=OFFICER)
        assert (assigned.status_code, assigned.json()["disbursement_id"]) == (201, str(told.id))
    assert factories.balances(session) == {"bank": 100_00, "owed-to-members": -100_00}


def test_money_of_another_amount_cannot_be_assigned(api: TestClient, session: Session) -> None:
    told = stories.disbursement(api, item(factories.member(session)))
    factories.funds(session, "?", 50_00)
    refused = post(
        api, f"/v1/fundings/{unclaimed_id(api)}/assignments", {"disbursement_id": str(told.id)}, by=OFFICER
    )
    assert (refused.status_code, refused.json()["type"]) == (409, "amount-differs")


def test_a_disbursement_still_being_listed_cannot_be_funded(api: TestClient, session: Session) -> None:
    announced = announce(api, declared_total=dop("100.00"))
    factories.funds(session, "?", 100_00)
    body = {"disbursement_id": announced.json()["id"]}
    refused = post(api, f"/v1/fundings/{unclaimed_id(api)}/assignments", body, by=OFFICER)
    assert (refused.status_code, refused.json()["type"]) == (409, "cannot-be-funded")


def test_a_line_and_a_list_that_come_at_one_moment_meet(racing: TestClient, committed: Session) -> None:
    """Without the lock on the reference neither would see the other, and the money would lie for ever."""
    for _ in range(5):
        announced = announce(racing, bank_reference=f"TRF-{uuid4()}")
        path = f"/agency/v1/disbursements/{announced.json()['id']}"
        post(racing, f"{path}/items", {"items": [item()]}, by=stories.AGENCY)
        at_once(
            partial(post, racing, f"{path}/completions", by=stories.AGENCY),
            partial(receive, announced.json()["bank_reference"]),
        )
        found = get(racing, path, by=stories.AGENCY).json()
        assert found["funded_on"] == "2026-07-20"


def receive(reference: str) -> None:
    announced = FundsReceived(
        bank_line_id=uuid4(),
        reference=reference,
        amount_minor=100_00,
        currency="DOP",
        value_on=date(2026, 7, 20),
    )
    with Session(db.engine()) as session, session.begin():
        fundings.receive(session, announced)
