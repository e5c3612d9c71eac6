"""Taking a payment over HTTP: the receipt, the second click, and the refusals that change nothing."""

import threading
from typing import Any
from uuid import UUID, uuid4

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session, select

from services.contributions.payments import Payment
from services.kit.principals import Principal
from tests import tokens
from tests.contributions import factories

CASHIER = tokens.staff("payments:take", "payments:read", "payments:reverse", "approvals:read")


def take(
    api: TestClient,
    member_id: UUID,
    amount: Any = "500.00",
    *,
    key: str = "",
    by: Principal = CASHIER,
    **given: Any,
) -> Any:
    money = amount if isinstance(amount, dict) else {"amount": amount, "currency": "DOP"}
    headers = tokens.headers(by) | {"Idempotency-Key": key or str(uuid4())}
    return api.post(
        "/v1/payments", headers=headers, json={"member_id": str(member_id), "amount": money} | given
    )


@pytest.fixture
def ana(session: Session) -> UUID:
    return factories.member(session)


def test_a_payment_gets_a_receipt_that_anyone_can_check(api: TestClient, ana: UUID) -> None:
    taken = take(api, ana)
    assert taken.status_code == 201, taken.text
    receipt = taken.json()["receipt"]
    checked = api.get(f"/v1/receipts/{receipt['check_code']}", headers=tokens.headers(tokens.service()))
    assert checked.json() == {
        "number": receipt["number"],
        "amount": {"amount": "500.00", "currency": "DOP"},
        "value_on": "2026-07-06",
        "state": "posted",
    }


def test_the_same_key_posts_once(api: TestClient, session: Session, ana: UUID) -> None:
    first, second = take(api, ana, key="one"), take(api, ana, key='"one"')
    assert first.json() == second.json()
    assert len(session.exec(select(Payment)).all()) == 1


def test_the_same_key_for_something_else_is_refused(api: TestClient, ana: UUID) -> None:
    take(api, ana, key="one")
    other = take(api, ana, "501.00", key="one")
    assert (other.status_code, other.json()["type"]) == (422, "key-reused")


def test_twelve_clicks_on_one_key_at_the_same_moment_post_once(
    api: TestClient, session: Session, ana: UUID
) -> None:
    answers: list[Any] = []
    threads = [threading.Thread(target=lambda: answers.append(take(api, ana, key="one"))) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert len(session.exec(select(Payment)).all()) == 1


REFUSALS: list[tuple[dict[str, Any], int, str]] = [
    ({"amount": "0.00"}, 422, "invalid"),
    ({"amount": "-5.00"}, 422, "invalid"),
    ({"amount": "5.001"}, 422, "invalid"),
    ({"amount": "NaN"}, 422, "invalid"),
    ({"amount": {"amount": 5.0, "currency": "DOP"}}, 422, "invalid"),
    ({"amount": {"amount": "5", "currency": "XXZ"}}, 422, "invalid"),
    ({"amount": {"amount": "5.00", "currency": "USD"}}, 422, "other-currency"),
    ({"value_on": "2026-07-07"}, 422, "value-date-ahead"),
    ({"member_id": UUID(int=404)}, 404, "unknown-member"),
    ({"colour": "red"}, 422, "invalid"),
]


@pytest.mark.parametrize(("given", "status", "problem"), REFUSALS)
def test_a_refusal_changes_nothing_and_keeps_no_key(
    api: TestClient, session: Session, ana: UUID, given: dict[str, Any], status: int, problem: str
) -> None:
    arguments: dict[str, Any] = {"member_id": ana, "key": "one"} | given
    refused = take(api, **arguments)
    assert (refused.status_code, refused.json()["type"]) == (status, problem), refused.text
    assert refused.headers["content-type"] == "application/problem+json"
    assert session.exec(select(Payment)).all() == []
    assert take(api, ana, key="one").status_code == 201


def test_a_reference_is_taken_once(api: TestClient, session: Session, ana: UUID) -> None:
    assert take(api, ana, reference="slip-1").status_code == 201
    again = take(api, ana, reference="slip-1")
    assert (again.status_code, again.json()["type"]) == (409, "reference-taken")


def test_a_collector_reaches_the_members_of_their_organisations_only(
    api: TestClient, session: Session
) -> None:
    union = factories.organisation(session)
    branch, other = factories.organisation(session, parent_id=union), factories.organisation(session)
    mine = factories.member(session, organisation_id=branch)
    theirs = factories.member(session, organisation_id=other)
    collector = tokens.staff("payments:take", "payments:read", roots=[union])
    assert take(api, mine, by=collector).status_code == 201
    assert take(api, theirs, by=collector).status_code == 404
    payment = take(api, theirs).json()
    read = api.get(f"/v1/payments/{payment['id']}", headers=tokens.headers(collector))
    assert read.status_code == 404


def test_without_a_token_or_the_right_nothing_is_taken(api: TestClient, ana: UUID) -> None:
    assert api.post("/v1/payments", json={}).status_code == 401
    assert take(api, ana, by=tokens.staff("payments:read")).status_code == 403
