"""Cash for a code: handed out once, whoever clicks how often; wrong codes are counted."""

from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session

from services.kit import clock, secrets
from tests import tokens
from tests.benefits import factories, stories
from tests.benefits.races import at_once
from tests.benefits.stories import CASHIER, OFFICER, get, item, post


def at_the_counter(api: TestClient, session: Session, **given: Any) -> tuple[stories.Told, str, str]:
    """A released payout, its id and its code, opened as the gateway does."""
    told = stories.released(api, session, item(factories.member(session, **given)))
    [payout] = stories.payouts(api, told)
    return told, payout["id"], code_of(session, payout["id"])


def code_of(session: Session, payout_id: str) -> str:
    ready = factories.announced(session, "benefits.payout_ready.v1")
    sealed = [event["code_sealed"] for event in ready if event["payout_id"] == payout_id]
    return secrets.decrypt(sealed[-1], purpose="payout-code")


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 10**8:08d}"


def pay(api: TestClient, payout_id: str, code: str, *, key: str = "", by: Any = CASHIER) -> Any:
    return post(api, f"/v1/payouts/{payout_id}/cash-payments", {"code": code}, by=by, key=key or str(uuid4()))


def test_the_right_code_hands_out_the_money(api: TestClient, session: Session) -> None:
    told, payout_id, code = at_the_counter(api, session)
    paid = pay(api, payout_id, f"{code[:4]} {code[4:]}")
    assert paid.status_code == 201, paid.text
    assert (paid.json()["state"], paid.json()["paid_on"]) == ("paid", "2026-07-20")
    assert factories.balances(session) == {"bank": 100_00, "cash": -100_00}
    [event] = factories.announced(session, "benefits.payout_paid.v1")
    assert event["payouts"][0]["channel"] == "cash"
    assert list(stories.status(api, told).values()) == [("paid", None)]


def test_the_announcement_holds_the_code_sealed_only(api: TestClient, session: Session) -> None:
    _, _, code = at_the_counter(api, session)
    for table in ("outbox", "cash_codes", "audit_log", "audit_details", "idempotency_keys"):
        stored = factories.rows(session, f"SELECT {table}::text AS row FROM {table}")
        assert all(code not in one.row for one in stored)


def test_the_same_key_hands_out_once(api: TestClient, session: Session) -> None:
    _, payout_id, code = at_the_counter(api, session)
    first, second = (pay(api, payout_id, code, key="one") for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()
    assert factories.balances(session)["cash"] == -100_00


def test_a_code_is_used_once(api: TestClient, session: Session) -> None:
    _, payout_id, code = at_the_counter(api, session)
    pay(api, payout_id, code)
    again = pay(api, payout_id, code)
    assert (again.status_code, again.json()["type"]) == (409, "not-at-the-counter")


def test_a_wrong_code_is_counted_and_five_lock_it(api: TestClient, session: Session) -> None:
    _, payout_id, code = at_the_counter(api, session)
    left = []
    for _ in range(5):
        refused = pay(api, payout_id, wrong(code), key="one")
        assert (refused.status_code, refused.json()["type"]) == (422, "wrong-code")
        left.append(refused.json()["tries_left"])
    assert left == [4, 3, 2, 1, 0]
    locked = pay(api, payout_id, code)
    assert (locked.status_code, locked.json()["type"]) == (409, "code-locked")
    assert "cash" not in factories.balances(session)


def test_a_wrong_try_keeps_no_key(api: TestClient, session: Session) -> None:
    _, payout_id, code = at_the_counter(api, session)
    pay(api, payout_id, wrong(code), key="one")
    assert pay(api, payout_id, code, key="one").status_code == 201


def test_a_new_code_takes_the_place_of_the_old(api: TestClient, session: Session) -> None:
    _, payout_id, old = at_the_counter(api, session)
    for _ in range(5):
        pay(api, payout_id, wrong(old))
    assert post(api, f"/v1/payouts/{payout_id}/codes", by=OFFICER).status_code == 201
    new = code_of(session, payout_id)
    if new != old:
        assert pay(api, payout_id, old).json()["type"] == "wrong-code"
    assert pay(api, payout_id, new).status_code == 201


def test_an_old_code_expires(api: TestClient, session: Session) -> None:
    _, payout_id, code = at_the_counter(api, session)
    clock.set_business_today(session, date(2026, 8, 20))
    session.commit()
    assert pay(api, payout_id, code).json()["type"] == "code-expired"


@pytest.mark.parametrize("code", ["1234567", "123456789", "1234567a", "\uff11" * 8, ""])
def test_what_is_no_code_is_refused_by_its_shape(api: TestClient, session: Session, code: str) -> None:
    refused = pay(api, str(uuid4()), code)
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "code")


def test_a_key_is_needed(api: TestClient, session: Session) -> None:
    _, payout_id, code = at_the_counter(api, session)
    answer = post(api, f"/v1/payouts/{payout_id}/cash-payments", {"code": code}, by=CASHIER)
    assert answer.status_code == 422


def test_what_is_not_released_is_not_handed_out(api: TestClient, session: Session) -> None:
    told = stories.funded(api, session, item(factories.member(session)))
    [payout] = stories.payouts(api, told)
    assert pay(api, payout["id"], "12345678").json()["type"] == "not-at-the-counter"


def test_a_cashier_pays_the_members_of_their_organisations_only(api: TestClient, session: Session) -> None:
    union, other = factories.organisation(session), factories.organisation(session)
    _, payout_id, code = at_the_counter(api, session, organisation_id=union)
    theirs = tokens.staff("payouts:pay", roots=[other])
    ours = tokens.staff("payouts:pay", roots=[union])
    assert pay(api, payout_id, code, by=theirs).status_code == 404
    assert pay(api, payout_id, code, by=ours).status_code == 201
    assert pay(api, payout_id, code, by=OFFICER).status_code == 403


def test_what_nobody_claims_is_taken_back(api: TestClient, session: Session) -> None:
    _, payout_id, code = at_the_counter(api, session)
    path = f"/v1/payouts/{payout_id}/withdrawals"
    back = post(api, path, {"reason": "unclaimed"}, by=OFFICER)
    assert (back.status_code, back.json()["state"]) == (201, "failed")
    assert factories.balances(session) == {"bank": 100_00, "owed-to-members": -100_00}
    assert pay(api, payout_id, code).json()["type"] == "not-at-the-counter"
    assert post(api, path, {"reason": "unclaimed"}, by=OFFICER).status_code == 409


def test_unclaimed_payouts_are_listed_with_their_age(api: TestClient, session: Session) -> None:
    at_the_counter(api, session)
    clock.set_business_today(session, date(2026, 8, 1))
    session.commit()
    [listed] = get(api, "/v1/payouts", by=OFFICER, state="released", channel="cash").json()["items"]
    assert listed["waiting_days"] == 12


def test_one_code_used_by_four_cashiers_at_once_pays_once(racing: TestClient, committed: Session) -> None:
    _, payout_id, code = at_the_counter(racing, committed)
    answers = at_once(*[lambda: pay(racing, payout_id, code)] * 4)
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409]
    paid = factories.rows(
        committed,
        "SELECT FROM ledger_entries WHERE source_id = :id AND kind = 'payout_paid'",
        id=payout_id,
    )
    assert len(paid) == 1


def test_one_key_sent_four_times_at_once_pays_once(racing: TestClient, committed: Session) -> None:
    _, payout_id, code = at_the_counter(racing, committed)
    answers = at_once(*[lambda: pay(racing, payout_id, code, key=payout_id)] * 4)
    assert {answer.status_code for answer in answers} == {201}


def test_no_guess_made_at_once_goes_uncounted(racing: TestClient, committed: Session) -> None:
    _, payout_id, code = at_the_counter(racing, committed)
    answers = at_once(*[lambda: pay(racing, payout_id, wrong(code))] * 8)
    kinds = sorted(answer.json()["type"] for answer in answers)
    assert kinds == ["code-locked"] * 3 + ["wrong-code"] * 5


def test_paying_and_taking_back_at_once_do_one_of_the_two(racing: TestClient, committed: Session) -> None:
    _, payout_id, code = at_the_counter(racing, committed)
    answers = at_once(
        lambda: pay(racing, payout_id, code),
        lambda: post(racing, f"/v1/payouts/{payout_id}/withdrawals", {"reason": "unclaimed"}, by=OFFICER),
    )
    assert sorted(answer.status_code for answer in answers) == [201, 409]
