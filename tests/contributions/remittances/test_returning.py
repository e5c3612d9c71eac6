"""A remittance that comes back: two people, the books as before it, and nobody covered by it any more."""

from typing import Any
from uuid import UUID

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session, col, select

from services.contributions.coverages import Coverage
from services.contributions.coverages.jobs import grant_coverage, withdraw_coverage
from services.contributions.remittances import Remittance, RemittanceReturn
from tests import tokens
from tests.contributions import billing
from tests.contributions.billing import (
    ACCOUNTANT,
    Payroll,
    balances,
    bill,
    changed,
    compared,
    decide,
    fund,
    lines_in,
    order,
    paid_out,
    post,
    read,
    remitted,
    statement,
)
from tests.contributions.remittances.test_confirming import confirm, state_of
from tests.contributions.remittances.test_ordering import at_once

BOTH_HATS = tokens.staff("remittances:order", "remittances:approve", "approvals:read", totp=True)


@pytest.fixture
def notice(session: Session, api: TestClient) -> Any:
    """A bill with one wage lifted; the mutual has what it needs."""
    paid: Payroll = billing.payroll(session, api)
    lines = [changed(paid.lines[0], wage_minor=20_000_00, sfs=300_00), *paid.lines[1:]]
    fund(api, 500_00)
    return compared(api, bill(paid, lines=lines))


def ask(api: TestClient, remittance_id: str, line: Any = None, *, by: Any = ACCOUNTANT) -> Any:
    body = {"reason": "the bank sent it back"} | ({"bank_line_id": line["id"]} if line else {})
    return post(api, f"/v1/remittances/{remittance_id}/returns", body, by=by)


def came_back(api: TestClient, notice: Any, reference: str = "DEVUELTO") -> Any:
    """The bank's line with the money, in suspense."""
    amount = notice["billed"]["amount"]
    statement(api, f"07/08/2026,{reference},TSS,,{amount}")
    found = lines_in(api, "suspense")
    return found[0] if found else None


def covered(session: Session) -> list[str]:
    session.rollback()
    return [row.state for row in session.exec(select(Coverage).order_by(col(Coverage.member_id)))]


def test_what_came_back_is_owed_again_and_covers_nobody(
    api: TestClient, session: Session, notice: Any
) -> None:
    before = balances(session)
    remittance_id = remitted(api, notice, shortfall_account="reserve")
    assert covered(session) == ["covered"] * 3
    asked = ask(api, remittance_id, came_back(api, notice), by=BOTH_HATS)
    assert decide(api, asked.json(), by=BOTH_HATS).json()["type"] == "same-person-twice"
    assert decide(api, asked.json()).status_code == 200
    withdraw_coverage(remittance_id=remittance_id)
    assert covered(session) == ["withdrawn"] * 3
    assert balances(session) == before
    shown = read(api, f"/v1/remittances/{remittance_id}")
    assert (shown["state"], shown["returned_because"]) == ("returned", "the bank sent it back")
    assert (shown["coverage"]["kind"], shown["coverage"]["members"]) == ("withdraw", 3)
    [told] = billing.events(session, "coverage_withdrawn.v1")
    assert (told["reason"], len(told["members"])) == ("remittance_returned", 3)


def test_without_the_banks_line_the_money_is_on_its_way_until_a_statement_brings_it(
    api: TestClient, session: Session, notice: Any
) -> None:
    before = balances(session)
    remittance_id = remitted(api, notice, shortfall_account="reserve")
    assert decide(api, ask(api, remittance_id).json()).status_code == 200
    minor = billing.read(api, f"/v1/remittances/{remittance_id}")["amount"]["amount"].replace(".", "")
    assert balances(session)["transit:remittances"] == int(minor)
    assert came_back(api, notice, f"DEV {notice['reference']}") is None
    assert balances(session) == before
    [row] = session.exec(select(RemittanceReturn)).all()
    assert row.bank_line_id is not None


def test_a_notice_whose_remittance_came_back_is_paid_anew_and_covers_again(
    api: TestClient, session: Session, notice: Any
) -> None:
    first = remitted(api, notice, shortfall_account="reserve")
    decide(api, ask(api, first, came_back(api, notice)).json())
    second = order(api, notice["id"], shortfall_account="reserve")
    statement(api, f"10/08/2026,{notice['reference']},SEGUNDO,{notice['billed']['amount']},")
    assert state_of(api, second) == "confirmed"
    # Granted anew before the first one's cover was withdrawn: nobody loses what was paid for.
    grant_coverage(remittance_id=second)
    withdraw_coverage(remittance_id=first)
    assert covered(session) == ["covered"] * 3
    assert {row.remittance_id for row in session.exec(select(Coverage))} == {UUID(second)}


def test_an_order_that_never_went_out_is_taken_back(api: TestClient, session: Session, notice: Any) -> None:
    before = balances(session)
    remittance_id = order(api, notice["id"], shortfall_account="reserve")
    assert decide(api, ask(api, remittance_id).json()).status_code == 200
    assert balances(session) == before
    assert [one["available"]["amount"] for one in read(api, "/v1/own-accounts")["items"]] == ["500.00"]
    assert billing.events(session, "coverage_withdrawn.v1") == []
    again = ask(api, remittance_id)
    assert (again.status_code, again.json()["type"]) == (409, "not-returnable")


def test_only_a_line_of_that_amount_in_suspense_brings_it_back(api: TestClient, notice: Any) -> None:
    remittance_id = remitted(api, notice, shortfall_account="reserve")
    statement(api, "07/08/2026,X,Y,,1.00")
    [small] = lines_in(api, "suspense")
    [out] = lines_in(api, "remittance")
    refusals = [ask(api, remittance_id, small), ask(api, remittance_id, out)]
    assert {one.json()["type"] for one in refusals} == {"line-does-not-fit"}
    unknown = ask(api, "0199d0f2-6f6a-7c1e-9c39-6f1d1b0c7a55")
    assert (unknown.status_code, unknown.json()["type"]) == (404, "no-such-remittance")


def test_a_line_that_is_asked_for_as_own_money_is_not_a_return(api: TestClient, notice: Any) -> None:
    remittance_id = remitted(api, notice, shortfall_account="reserve")
    line = came_back(api, notice)
    assert post(api, "/v1/fundings", {"bank_line_id": line["id"], "account": "reserve"}).status_code == 202
    assert ask(api, remittance_id, line).json()["type"] == "line-claimed"


def test_a_refused_return_leaves_it_confirmed(api: TestClient, notice: Any) -> None:
    remittance_id = remitted(api, notice, shortfall_account="reserve")
    asked = ask(api, remittance_id)
    assert decide(api, asked.json(), "refuse").json()["state"] == "refused"
    assert state_of(api, remittance_id) == "confirmed"
    assert ask(api, remittance_id).json()["id"] != asked.json()["id"]


def test_a_return_that_races_the_confirmation_leaves_one_truth(
    api: TestClient, session: Session, notice: Any
) -> None:
    """Either it was confirmed first, and the request is void; or it was returned, and nothing confirms."""
    before = balances(session)
    remittance_id = order(api, notice["id"], shortfall_account="reserve")
    asked = ask(api, remittance_id).json()
    statement(api, f"04/08/2026,X,PAGO,{notice['billed']['amount']},")
    [line] = lines_in(api, "outgoing")
    decided, confirmed = at_once(lambda: decide(api, asked), lambda: confirm(api, remittance_id, line))
    state = state_of(api, remittance_id)
    if decided.status_code == 200:
        assert (state, confirmed.json()["type"]) == ("returned", "not-ordered")
        assert balances(session) == before
    else:
        assert (state, decided.json()["type"]) == ("confirmed", "content-changed")
        assert confirmed.status_code == 200
    assert len(billing.events(session, "remittance_paid.v1")) == (1 if state == "confirmed" else 0)


def test_two_returns_at_the_same_moment_are_one(api: TestClient, session: Session, notice: Any) -> None:
    before = balances(session)
    remittance_id = order(api, notice["id"], shortfall_account="reserve")
    paid_out(api, notice)
    asked = ask(api, remittance_id, came_back(api, notice)).json()
    deciders = [tokens.staff("approvals:read", "remittances:approve", totp=True) for _ in range(4)]
    decided = at_once(*(lambda one=one: decide(api, asked, by=one) for one in deciders))
    assert sorted(one.status_code for one in decided) == [200, 409, 409, 409]
    assert balances(session) == before
    assert [row.state for row in session.exec(select(Remittance))] == ["returned"]
