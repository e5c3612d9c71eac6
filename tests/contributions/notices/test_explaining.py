"""Explaining differences: words for who is missing or unknown, a second person for any other cause."""

from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session, select

from services.contributions.charges import Due
from services.contributions.members import MemberAccount
from tests import tokens
from tests.contributions import billing
from tests.contributions.billing import Payroll, balances, bill, changed, compared, decide, post, read

STRANGER = {"document": "99999999999", "wage_minor": 20_000_00, "branches": {"sfs": 500_00}}
CLERK_AND_SECOND = tokens.staff("notices:record", "remittances:approve", "approvals:read", totp=True)


@pytest.fixture
def paid(session: Session, api: TestClient) -> Payroll:
    return billing.payroll(session, api)


def explain(api: TestClient, notice: Any, reason: str, *, by: Any = billing.ACCOUNTANT, **given: Any) -> Any:
    body = {"reason": reason, "words": "asked the State"} | given
    return post(api, f"/v1/payment-notices/{notice['id']}/explanations", body, by=by)


def open_differences(api: TestClient, notice: Any) -> int:
    count: int = read(api, f"/v1/payment-notices/{notice['id']}")["open_differences"]
    return count


def test_who_is_missing_from_the_bill_owes_nothing_and_has_their_money_back(
    api: TestClient, session: Session, paid: Payroll
) -> None:
    notice = compared(api, bill(paid, lines=paid.lines[1:]))
    explained = explain(api, notice, "missing")
    assert (explained.status_code, explained.json()["state"]) == (201, "explained")
    assert open_differences(api, notice) == 0
    missing = paid.members[0]
    session.expire_all()
    assert session.get_one(MemberAccount, missing).credit_minor == 8_000_00
    [due] = session.exec(select(Due).where(Due.member_id == missing)).all()
    assert (due.state, due.settled_minor) == ("lapsed", 0)
    [told] = billing.events(session, "charge_lapsed.v1")
    assert [(one["member_id"], one["reason"]) for one in told["charges"]] == [
        (str(missing), "missing_from_notice")
    ]
    owed_to_state = sum(sum(line["branches"].values()) for line in paid.lines[1:])
    assert balances(session)["obligations:contributions"] == -owed_to_state


def test_who_is_unknown_to_us_is_the_mutuals_to_bear(
    api: TestClient, session: Session, paid: Payroll
) -> None:
    notice = compared(api, bill(paid, lines=[*paid.lines, STRANGER]))
    assert explain(api, notice, "unknown").status_code == 201
    assert balances(session)["mutual:shortfall"] == 500_00
    assert read(api, f"/v1/payment-notices/{notice['id']}")["shortfall"]["amount"] == "500.00"
    [found] = read(api, f"/v1/payment-notices/{notice['id']}/differences")["items"]
    assert (found["state"], found["words"]) == ("explained", "asked the State")


def test_another_cause_needs_a_second_person(api: TestClient, session: Session, paid: Payroll) -> None:
    lines = [changed(paid.lines[0], srl=700, svds=-200), changed(paid.lines[1], srl=-300), paid.lines[2]]
    notice = compared(api, bill(paid, lines=lines))
    before = balances(session)
    asked = explain(api, notice, "other", by=CLERK_AND_SECOND)
    assert (asked.status_code, asked.json()["state"]) == (201, "pending")
    assert (open_differences(api, notice), balances(session)) == (3, before)
    approval = {"id": asked.json()["approval_id"]}
    assert decide(api, approval, by=CLERK_AND_SECOND).json()["type"] == "same-person-twice"
    assert decide(api, approval).status_code == 200
    assert open_differences(api, notice) == 0
    books = balances(session)
    assert (books["mutual:shortfall"], books["members:state_credits"]) == (500, -300)


def test_a_refused_explanation_explains_nothing_and_another_may_be_given(
    api: TestClient, session: Session, paid: Payroll
) -> None:
    notice = compared(api, bill(paid, lines=[changed(paid.lines[0], srl=700), *paid.lines[1:]]))
    asked = explain(api, notice, "other")
    assert explain(api, notice, "other").json()["type"] == "still-pending"
    approval = {"id": asked.json()["approval_id"]}
    assert decide(api, approval, "refuse").json()["state"] == "refused"
    assert open_differences(api, notice) == 1
    assert decide(api, approval).json()["type"] == "already-decided"
    again = explain(api, notice, "other")
    assert decide(api, {"id": again.json()["approval_id"]}).status_code == 200
    assert balances(session)["mutual:shortfall"] == 700


def test_one_member_is_explained_and_the_others_wait(api: TestClient, paid: Payroll) -> None:
    notice = compared(api, bill(paid, lines=paid.lines[2:]))
    member_id = str(paid.members[0])
    assert explain(api, notice, "missing", member_id=member_id).json()["differences"] == 3
    assert open_differences(api, notice) == 3
    again = explain(api, notice, "missing", member_id=member_id)
    assert (again.status_code, again.json()["type"]) == (409, "nothing-to-explain")


def test_what_is_not_compared_or_not_there_cannot_be_explained(api: TestClient, paid: Payroll) -> None:
    waiting = billing.send(api, bill(paid, lines=paid.lines[1:])).json()
    assert explain(api, waiting, "missing").json()["type"] == "not-compared"
    unknown = {"id": "0199d0f2-6f6a-7c1e-9c39-6f1d1b0c7a55"}
    assert explain(api, unknown, "missing").json()["type"] == "no-such-notice"
    assert explain(api, waiting, "rounding").status_code == 422
    assert explain(api, waiting, "missing", words=" ").status_code == 422
    assert explain(api, waiting, "missing", by=tokens.staff("declarations:read")).status_code == 403
