"""What a bank line proves: that a remittance went out, once, and nothing else does."""

from typing import Any
from uuid import UUID

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session, select

from services.contributions.bank import BankLine
from services.contributions.db import engine
from services.contributions.remittances import settle_from_statement
from tests import tokens
from tests.contributions import billing
from tests.contributions.billing import (
    Payroll,
    balances,
    bill,
    changed,
    compared,
    fund,
    lines_in,
    order,
    paid_out,
    post,
    read,
    statement,
)
from tests.contributions.remittances.test_ordering import at_once


@pytest.fixture
def paid(session: Session, api: TestClient) -> Payroll:
    """Three members, one of them with two additional dependants."""
    return billing.payroll(session, api, {}, {"additional_dependants": 2}, {})


def confirm(api: TestClient, remittance_id: str, line: Any) -> Any:
    return post(api, f"/v1/remittances/{remittance_id}/confirmations", {"bank_line_id": line["id"]})


def state_of(api: TestClient, remittance_id: str) -> str:
    state: str = read(api, f"/v1/remittances/{remittance_id}")["state"]
    return state


def test_the_statement_confirms_it_and_the_obligations_are_met(
    api: TestClient, session: Session, paid: Payroll
) -> None:
    lines = [changed(paid.lines[0], wage_minor=20_000_00, sfs=300_00), *paid.lines[1:]]
    notice = compared(api, bill(paid, lines=lines, late_minor=50_00))
    fund(api, 350_00)
    remittance_id = order(api, notice["id"], shortfall_account="reserve")
    shown = paid_out(api, notice)
    assert (shown["lines_outgoing"], len(lines_in(api, "remittance"))) == (0, 1)
    confirmed = read(api, f"/v1/remittances/{remittance_id}")
    assert (confirmed["state"], confirmed["confirmed_on"], confirmed["matched_by"]) == (
        "confirmed",
        "2026-08-04",
        "reference",
    )
    credit = 3 * 8_000_00 - paid.total_minor
    assert balances(session) == {"held": credit, "members:credit": -credit}
    [told] = billing.events(session, "remittance_paid.v1")
    assert (told["remittance_id"], told["amount_minor"]) == (remittance_id, paid.total_minor + 350_00)


def test_what_the_state_credits_stays_with_the_members(
    api: TestClient, session: Session, paid: Payroll
) -> None:
    notice = compared(api, bill(paid, credits_minor=80_00))
    order(api, notice["id"])
    paid_out(api, notice)
    credit = 3 * 8_000_00 - paid.total_minor
    assert balances(session) == {
        "held": credit + 80_00,
        "members:credit": -credit,
        "members:state_credits": -80_00,
    }


WRONG_LINES = [
    ("popular-1", "{reference}", 1),
    ("popular-1", "NP-202607-00010", 0),
    ("popular-1", "TSS PAGO", 0),
    ("reservas-2", "{reference}", 0),
]


def test_another_amount_account_or_reference_proves_nothing(api: TestClient, paid: Payroll) -> None:
    notice = compared(api, bill(paid))
    remittance_id = order(api, notice["id"])
    for account, reference, more_minor in WRONG_LINES:
        amount = billing.decimal(paid.total_minor + more_minor)
        written = reference.format(reference=notice["reference"])
        statement(api, f"04/08/2026,{written},PAGO,{amount},", account=account)
        assert state_of(api, remittance_id) == "ordered", (account, reference, more_minor)
    assert len(lines_in(api, "outgoing")) == len(WRONG_LINES)


def test_what_was_not_ordered_is_not_confirmed(api: TestClient, paid: Payroll) -> None:
    notice = compared(api, bill(paid))
    asked = post(api, "/v1/remittances", {"notice_id": notice["id"], "account": "popular-1"}).json()
    paid_out(api, notice)
    assert state_of(api, asked["subject_id"]) == "pending"
    [line] = lines_in(api, "outgoing")
    assert confirm(api, asked["subject_id"], line).json()["type"] == "not-ordered"


def test_a_second_payment_of_one_notice_is_left_for_a_clerk(api: TestClient, paid: Payroll) -> None:
    notice = compared(api, bill(paid))
    remittance_id = order(api, notice["id"])
    amount = notice["billed"]["amount"]
    line = f"04/08/2026,{notice['reference']},TSS,{amount},"
    statement(api, line, line)
    assert state_of(api, remittance_id) == "confirmed"
    assert len(lines_in(api, "outgoing")) == 1


def test_a_clerk_confirms_by_a_line_that_names_nothing_once(
    api: TestClient, session: Session, paid: Payroll
) -> None:
    notice = compared(api, bill(paid))
    remittance_id = order(api, notice["id"])
    amount = notice["billed"]["amount"]
    statement(
        api, f"04/08/2026,X-77,PAGO,{amount},", f"04/08/2026,X-78,PAGO,{amount},", "04/08/2026,X,Y,1.00,"
    )
    lines = {one["reference"]: one for one in lines_in(api, "outgoing")}
    assert confirm(api, remittance_id, lines["X"]).json()["type"] == "line-does-not-fit"
    clerk = tokens.staff("periods:read")
    path, body = f"/v1/remittances/{remittance_id}/confirmations", {"bank_line_id": lines["X-77"]["id"]}
    assert post(api, path, body, by=clerk).status_code == 403
    first, again = (confirm(api, remittance_id, lines["X-77"]) for _ in range(2))
    assert (first.json()["state"], first.json()["matched_by"]) == ("confirmed", "clerk")
    assert again.json() == first.json()
    assert confirm(api, remittance_id, lines["X-78"]).json()["type"] == "not-ordered"
    assert len(billing.events(session, "remittance_paid.v1")) == 1
    unknown = confirm(api, remittance_id, {"id": str(UUID(int=1))})
    assert unknown.json()["type"] == "no-such-bank-line"


def test_confirming_twice_at_the_same_moment_pays_once(
    api: TestClient, session: Session, paid: Payroll
) -> None:
    """Two clerks with two lines, and an import that finds the reference on one of them."""
    notice = compared(api, bill(paid))
    amount = notice["billed"]["amount"]
    shown = statement(api, f"04/08/2026,{notice['reference']},PAGO,{amount},", f"04/08/2026,X,PAGO,{amount},")
    remittance_id = order(api, notice["id"])
    lines = lines_in(api, "outgoing")

    def match_again() -> None:
        with Session(engine()) as mine, mine.begin():
            settle_from_statement(mine, UUID(shown["id"]))

    clerks = [lambda line=line: confirm(api, remittance_id, line) for line in lines for _ in range(2)]
    at_once(*clerks, match_again, match_again)
    assert state_of(api, remittance_id) == "confirmed"
    assert len(billing.events(session, "remittance_paid.v1")) == 1
    states = sorted(session.exec(select(BankLine.state)).all())
    assert states == ["outgoing", "remittance"]
    credit = 3 * 8_000_00 - paid.total_minor
    assert balances(session) == {"held": credit, "members:credit": -credit}
