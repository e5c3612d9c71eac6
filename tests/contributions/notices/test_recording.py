"""Recording a notice: kept once, or kept aside with the reason; never refused for what it says."""

import threading
from typing import Any
from uuid import uuid4

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session, select

from services.contributions.notices import Notice
from tests import tokens
from tests.contributions import billing
from tests.contributions.billing import ACCOUNTANT, TSS, Payroll, balances, bill, read, send


@pytest.fixture
def paid(session: Session, api: TestClient) -> Payroll:
    return billing.payroll(session, api)


def test_a_notice_is_taken_and_compared_later(api: TestClient, paid: Payroll) -> None:
    sent = send(api, bill(paid))
    assert sent.status_code == 201, sent.text
    assert (sent.json()["state"], sent.json()["aside_because"]) == ("comparing", None)
    shown = read(api, f"/v1/payment-notices/{sent.json()['id']}")
    assert (shown["agency"], shown["lines"], shown["declared"]) == ("TSS", 3, None)


def test_the_same_key_records_once_and_other_content_is_refused(
    api: TestClient, session: Session, paid: Payroll
) -> None:
    first, second = (send(api, bill(paid), key="one") for _ in range(2))
    assert first.json() == second.json()
    assert len(session.exec(select(Notice)).all()) == 1
    other = send(api, bill(paid, due_on="2026-08-06"), key="one")
    assert (other.status_code, other.json()["type"]) == (422, "key-reused")


def test_a_reference_is_taken_once_for_ever(api: TestClient, session: Session, paid: Payroll) -> None:
    first = send(api, bill(paid)).json()
    assert send(api, bill(paid)).json()["id"] == first["id"]
    other = send(api, bill(paid, due_on="2026-08-06"))
    assert (other.status_code, other.json()["type"]) == (409, "reference-taken")
    assert len(session.exec(select(Notice)).all()) == 1


def test_two_notices_of_one_reference_at_the_same_moment_are_one(
    api: TestClient, session: Session, paid: Payroll
) -> None:
    answers: list[Any] = []
    threads = [threading.Thread(target=lambda: answers.append(send(api, bill(paid)))) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert len(session.exec(select(Notice)).all()) == 1


ASIDE: list[tuple[dict[str, Any], str]] = [
    ({"declaration_id": str(uuid4())}, "unknown_declaration"),
    ({"type": "AR"}, "other_process"),
    ({"period": "2026-06"}, "other_period"),
    ({"total": {"amount": "1.00", "currency": "DOP"}}, "totals_disagree"),
]


def test_what_cannot_be_believed_is_kept_aside_and_books_nothing(
    api: TestClient, session: Session, paid: Payroll
) -> None:
    before = balances(session)
    for given, because in ASIDE:
        sent = send(api, bill(paid, **given))
        assert sent.status_code == 201, sent.text
        assert (sent.json()["state"], sent.json()["aside_because"]) == ("aside", because)
    shown = read(api, "/v1/payment-notices?state=aside")["items"]
    assert [one["aside_because"] for one in reversed(shown)] == [because for _, because in ASIDE]
    assert all(one["aside_detail"] for one in shown)
    assert balances(session) == before


def test_who_is_billed_twice_sets_the_notice_aside(api: TestClient, paid: Payroll) -> None:
    sent = send(api, bill(paid, lines=[*paid.lines, paid.lines[0]]))
    assert sent.json()["aside_because"] == "line_twice"


def test_the_corrected_notice_may_bear_the_reference_of_the_one_kept_aside(
    api: TestClient, paid: Payroll
) -> None:
    wrong = bill(paid, total={"amount": "1.00", "currency": "DOP"})
    assert send(api, wrong).json()["state"] == "aside"
    assert send(api, bill(paid)).json()["state"] == "comparing"
    again = send(api, bill(paid, reference="NP-2"))
    assert again.json()["aside_because"] == "already_billed"


def test_an_agency_bills_only_what_was_filed_with_it_and_sees_only_its_own(
    api: TestClient, paid: Payroll
) -> None:
    other = tokens.client("agency:notices", agency="SISALRIL")
    assert send(api, bill(paid), by=other).json()["aside_because"] == "unknown_declaration"
    mine = send(api, bill(paid)).json()
    path = f"/agency/v1/payment-notices/{mine['id']}"
    assert api.get(path, headers=tokens.headers(TSS)).json() == mine
    assert api.get(path, headers=tokens.headers(other)).status_code == 404
    nobody = tokens.client("agency:notices")
    headers = tokens.headers(nobody) | {"Idempotency-Key": "one"}
    assert api.post("/agency/v1/payment-notices", headers=headers, json=bill(paid)).status_code == 403


def test_staff_record_the_same_by_hand(api: TestClient, paid: Payroll) -> None:
    recorded = send(api, bill(paid), by=ACCOUNTANT)
    assert (recorded.status_code, recorded.json()["state"]) == (201, "comparing")
    assert send(api, bill(paid), by=tokens.staff("declarations:read")).status_code == 403


SHAPES: list[dict[str, Any]] = [
    {"reference": ""},
    {"reference": "ñ"},
    {"period": "2026-13"},
    {"total": {"amount": "0.00", "currency": "DOP"}},
    {"total": {"amount": 1.5, "currency": "DOP"}},
    {"late_charge": {"amount": "-1.00", "currency": "DOP"}},
    {"credits": {"amount": "1.00", "currency": "USD"}},
    {"lines": [{"document_type": "X", "document": "1", "wage": "1.00", "branches": {"sfs": "1.00"}}]},
    {"lines": [{"document_type": "C", "document": "1", "wage": "1.00", "branches": {"sfs": 1.0}}]},
    {"lines": [{"document_type": "C", "document": "1", "wage": "1.00", "branches": {"sfs": "1.005"}}]},
    {"lines": [{"document_type": "C", "document": "1", "wage": "1.00", "branches": {"sfs": "-1.00"}}]},
    {"lines": [{"document_type": "C", "document": "1", "wage": "1.00", "branches": {}}]},
    {"colour": "red"},
]


def test_a_wrong_shape_is_refused_and_keeps_nothing(api: TestClient, session: Session) -> None:
    nobody = Payroll(uuid4(), [], [{"document": "99900000001", "wage_minor": 100, "branches": {"sfs": 100}}])
    for given in SHAPES:
        refused = send(api, bill(nobody) | given)
        assert (refused.status_code, refused.json()["type"]) == (422, "invalid"), (given, refused.text)
    assert session.exec(select(Notice)).all() == []


def test_money_and_decimals_say_the_same(api: TestClient, session: Session, paid: Payroll) -> None:
    body = bill(paid)
    body["lines"][0]["branches"] = {
        branch: {"amount": amount, "currency": "DOP"}
        for branch, amount in body["lines"][0]["branches"].items()
    }
    assert send(api, body).json()["state"] == "comparing"
