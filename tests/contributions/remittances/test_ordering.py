"""Ordering a payment to the State: two people, all explained, nobody's money for another's bill."""

import threading
from typing import Any
from uuid import UUID

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session, select

from services.contributions.remittances import Remittance
from tests import tokens
from tests.contributions import billing
from tests.contributions.billing import (
    ACCOUNTANT,
    SECOND,
    Payroll,
    balances,
    bill,
    changed,
    compared,
    decide,
    fund,
    order,
    post,
    read,
)
from tests.contributions.payments import test_reversing as reversing

BOTH_HATS = tokens.staff("remittances:order", "remittances:approve", "approvals:read", totp=True)


@pytest.fixture
def paid(session: Session, api: TestClient) -> Payroll:
    return billing.payroll(session, api)


def ask(api: TestClient, notice: Any, *, by: Any = ACCOUNTANT, **given: Any) -> Any:
    body = {"notice_id": notice["id"], "account": "popular-1"} | given
    return post(api, "/v1/remittances", body, by=by)


def lifted(paid: Payroll, minor: int = 300_00) -> dict[str, Any]:
    """A bill with one wage lifted by the State."""
    return bill(paid, lines=[changed(paid.lines[0], wage_minor=20_000_00, sfs=minor), *paid.lines[1:]])


def test_two_people_order_it_and_no_money_moves_yet(api: TestClient, session: Session, paid: Payroll) -> None:
    notice = compared(api, bill(paid))
    before = balances(session)
    asked = ask(api, notice)
    assert asked.status_code == 202, asked.text
    remittance_id = asked.json()["subject_id"]
    assert read(api, f"/v1/remittances/{remittance_id}")["state"] == "pending"
    assert ask(api, notice).json()["id"] == asked.json()["id"]
    assert decide(api, asked.json()).status_code == 200
    ordered = read(api, f"/v1/remittances/{remittance_id}")
    assert (ordered["state"], ordered["amount"], ordered["reference"]) == (
        "ordered",
        notice["billed"],
        "NP-202607-0001",
    )
    assert ordered["ordered_by"] == str(SECOND.subject)
    assert balances(session) == before
    again = ask(api, notice)
    assert (again.status_code, again.json()["type"]) == (409, "already-remitted")


def test_who_asked_cannot_approve_nor_can_a_system_nor_a_stale_code(
    api: TestClient, session: Session, paid: Payroll
) -> None:
    asked = ask(api, compared(api, bill(paid)), by=BOTH_HATS).json()
    rights = ("remittances:approve", "approvals:read")
    refusals = [
        decide(api, asked, by=BOTH_HATS).json()["type"],
        decide(api, asked, by=tokens.client(*rights)).json()["type"],
        decide(api, asked, by=tokens.staff(*rights)).json()["type"],
    ]
    assert refusals == ["same-person-twice", "forbidden", "forbidden"]
    [row] = session.exec(select(Remittance)).all()
    assert row.state == "pending"


def test_a_system_cannot_ask_for_it(api: TestClient, paid: Payroll) -> None:
    refused = ask(api, compared(api, bill(paid)), by=tokens.client("remittances:order"))
    assert (refused.status_code, refused.json()["type"]) == (403, "forbidden")


def test_it_is_refused_while_a_difference_has_no_explanation(api: TestClient, paid: Payroll) -> None:
    notice = compared(api, bill(paid, lines=paid.lines[1:]))
    refused = ask(api, notice)
    assert (refused.status_code, refused.json()["type"]) == (409, "differences-open")
    words = {"reason": "missing", "words": "asked the State"}
    post(api, f"/v1/payment-notices/{notice['id']}/explanations", words)
    assert ask(api, notice).status_code == 202


def test_what_was_kept_aside_or_is_not_compared_is_not_paid(api: TestClient, paid: Payroll) -> None:
    aside = billing.send(api, bill(paid, period="2026-06")).json()
    assert ask(api, aside).json()["type"] == "not-remittable"
    waiting = billing.send(api, bill(paid)).json()
    assert ask(api, waiting).json()["type"] == "not-remittable"
    nothing = {"id": "0199d0f2-6f6a-7c1e-9c39-6f1d1b0c7a55"}
    assert (ask(api, nothing).status_code, ask(api, nothing).json()["type"]) == (404, "no-such-bill")


def test_a_shortfall_is_funded_from_the_mutuals_own_money_first(
    api: TestClient, session: Session, paid: Payroll
) -> None:
    notice = compared(api, lifted(paid))
    refusals = [ask(api, notice), ask(api, notice, shortfall_account="reserve")]
    assert {one.json()["type"] for one in refusals} == {"shortfall-not-funded"}
    fund(api, 299_99)
    assert ask(api, notice, shortfall_account="reserve").json()["available"] == "299.99"
    fund(api, 100_00)
    order(api, notice["id"], shortfall_account="reserve")
    books = balances(session)
    assert "mutual:shortfall" not in books
    assert books["mutual:own:reserve"] == -99_99
    [own] = read(api, "/v1/own-accounts")["items"]
    assert own == {"account": "reserve", "available": {"amount": "99.99", "currency": "DOP"}}


def test_two_orders_never_spend_the_same_own_money(api: TestClient, session: Session, paid: Payroll) -> None:
    """Two audits of one declaration, each with a shortfall of 300, and 300 to spend."""
    compared(api, bill(paid))
    notices = []
    for name in ("A", "B"):
        line = {"document": paid.lines[0]["document"], "wage_minor": 20_000_00, "branches": {"sfs": 300_00}}
        audit = compared(api, bill(paid, reference=name, type="audit", lines=[line]))
        words = {"reason": "other", "words": "the State's audit"}
        asked = post(api, f"/v1/payment-notices/{audit['id']}/explanations", words).json()
        assert decide(api, {"id": asked["approval_id"]}).status_code == 200
        notices.append(audit)
    fund(api, 300_00)
    asked = [ask(api, notice, shortfall_account="reserve").json() for notice in notices]
    answers = at_once(*(lambda one=one: decide(api, one) for one in asked))
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    [refused] = [answer for answer in answers if answer.status_code == 409]
    assert refused.json()["type"] == "shortfall-not-funded"
    assert "mutual:own:reserve" not in balances(session)


def test_what_a_member_has_not_paid_any_more_is_advanced_by_the_mutual(
    api: TestClient, session: Session, paid: Payroll
) -> None:
    [payment] = read(api, f"/v1/members/{paid.members[0]}/account")["payments"]
    asked = reversing.ask(api, payment).json()
    assert reversing.decide(api, asked).status_code == 200
    notice = compared(api, bill(paid))
    owed = sum(paid.lines[0]["branches"].values())
    assert ask(api, notice).json()["needed"] == billing.decimal(owed)
    fund(api, owed)
    remittance_id = order(api, notice["id"], shortfall_account="reserve")
    shown = read(api, f"/v1/remittances/{remittance_id}")
    assert (shown["shortfall"]["amount"], shown["advance"]["amount"]) == ("0.00", billing.decimal(owed))
    assert balances(session)["mutual:advanced"] == -owed


def test_what_changed_since_it_was_asked_for_voids_the_request(
    api: TestClient, session: Session, paid: Payroll
) -> None:
    asked = ask(api, compared(api, bill(paid))).json()
    [payment] = read(api, f"/v1/members/{paid.members[0]}/account")["payments"]
    reversing.decide(api, reversing.ask(api, payment).json())
    refused = decide(api, asked)
    assert (refused.status_code, refused.json()["type"]) == (409, "content-changed")
    assert session.exec(select(Remittance)).one().state == "pending"


def test_a_refused_order_may_be_asked_for_anew(api: TestClient, paid: Payroll) -> None:
    notice = compared(api, bill(paid))
    first = ask(api, notice).json()
    assert decide(api, first, "refuse").json()["state"] == "refused"
    assert read(api, f"/v1/remittances/{first['subject_id']}")["state"] == "refused"
    assert order(api, notice["id"]) != first["subject_id"]


def test_two_orders_of_one_notice_at_the_same_moment_are_one(
    api: TestClient, session: Session, paid: Payroll
) -> None:
    notice = compared(api, bill(paid))
    others = [tokens.staff("remittances:order") for _ in range(4)]
    asked = at_once(*(lambda one=one: ask(api, notice, by=one) for one in others))
    assert {one.status_code for one in asked} == {202}
    assert len({one.json()["id"] for one in asked}) == 1
    deciders = [tokens.staff("approvals:read", "remittances:approve", totp=True) for _ in range(4)]
    decided = at_once(*(lambda one=one: decide(api, asked[0].json(), by=one) for one in deciders))
    assert sorted(one.status_code for one in decided) == [200, 409, 409, 409]
    rows = session.exec(select(Remittance)).all()
    assert [row.state for row in rows] == ["ordered"]


def test_another_account_voids_the_first_request(api: TestClient, paid: Payroll) -> None:
    notice = compared(api, bill(paid))
    first = ask(api, notice).json()
    second = ask(api, notice, account="reservas-2").json()
    assert second["id"] != first["id"]
    assert decide(api, first).json()["type"] == "already-decided"
    assert decide(api, second).status_code == 200
    shown = read(api, f"/v1/remittances?notice_id={notice['id']}")["items"]
    assert [(one["account"], one["state"]) for one in shown] == [("reservas-2", "ordered")]


def at_once(*calls: Any) -> list[Any]:
    """What each call answers, all begun at the same moment."""
    ready, answers = threading.Barrier(len(calls)), [None] * len(calls)

    def call(number: int) -> None:
        ready.wait(10)
        answers[number] = calls[number]()

    threads = [threading.Thread(target=call, args=(number,)) for number in range(len(calls))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def test_fundings_need_two_people_and_a_line_in_suspense(
    api: TestClient, session: Session, paid: Payroll
) -> None:
    billing.statement(api, "06/07/2026,OWN-1,APORTE,,100.00", "06/07/2026,X,COMISION,5.00,")
    [line] = billing.lines_in(api, "suspense")
    body = {"bank_line_id": line["id"], "account": "reserve"}
    asked = post(api, "/v1/fundings", body, by=BOTH_HATS)
    assert decide(api, asked.json(), by=BOTH_HATS).json()["type"] == "same-person-twice"
    assert decide(api, asked.json()).status_code == 200
    assert balances(session)["mutual:own:reserve"] == -100_00
    again = post(api, "/v1/fundings", body)
    assert (again.status_code, again.json()["type"]) == (409, "line-does-not-fit")
    [out] = billing.lines_in(api, "outgoing")
    refused = post(api, "/v1/fundings", {"bank_line_id": out["id"], "account": "reserve"})
    assert refused.json()["type"] == "line-does-not-fit"
    unknown = post(api, "/v1/fundings", {"bank_line_id": str(UUID(int=1)), "account": "reserve"})
    assert (unknown.status_code, unknown.json()["type"]) == (404, "no-such-bank-line")
