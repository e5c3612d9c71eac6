"""A member's account and statement: to the centavo, within reach only, and noted."""

from typing import Any
from uuid import UUID

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text
from sqlmodel import Session

from services.contributions.coverages.jobs import withdraw_coverage
from services.kit.periods import Period
from tests import tokens
from tests.contributions import billing, factories
from tests.contributions.billing import ACCOUNTANT, bill, changed, compared, decide, post, read
from tests.contributions.declarations.test_drawing import draw, file
from tests.contributions.payments import test_reversing as reversing
from tests.contributions.payments.test_endpoints import take
from tests.contributions.payments.test_posting import ONE_MONTH

JUNE, JULY = Period(2026, 6), Period(2026, 7)


@pytest.fixture
def ana(session: Session) -> UUID:
    """A member who owes June and July."""
    factories.authorisation(session)
    member_id = factories.member(session)
    for period in (JUNE, JULY):
        factories.charge_period(session, period)
    return member_id


def account(api: TestClient, member_id: UUID) -> Any:
    return read(api, f"/v1/members/{member_id}/account")


def statement(api: TestClient, member_id: UUID, query: str = "") -> list[Any]:
    items: list[Any] = read(api, f"/v1/members/{member_id}/statement{query}")["items"]
    return items


def test_what_is_due_is_told_by_fund_and_summed_by_month(api: TestClient, ana: UUID) -> None:
    take(api, ana, "4000.00")
    told = account(api, ana)
    rest = 2 * ONE_MONTH - 4_000_00
    assert (told["due"]["amount"], told["credit"]["amount"]) == (billing.decimal(rest), "0.00")
    assert [(one["period"], one["outstanding"]["amount"]) for one in told["charges"]] == [
        ("2026-07", billing.decimal(rest))
    ]
    [due] = told["dues"]
    assert (due["fund"], due["total"]["amount"], due["settled"]["amount"], due["due_on"]) == (
        "contributions",
        billing.decimal(ONE_MONTH),
        billing.decimal(4_000_00 - ONE_MONTH),
        "2026-08-05",
    )
    [payment] = told["payments"]
    assert (payment["amount"]["amount"], payment["state"]) == ("4000.00", "posted")


def test_overdue_is_what_was_due_before_today(api: TestClient, ana: UUID) -> None:
    told = account(api, ana)  # on 6 July: June was due on the 3rd, July is due in August
    assert (told["due"]["amount"], told["overdue"]["amount"]) == (
        billing.decimal(2 * ONE_MONTH),
        billing.decimal(ONE_MONTH),
    )


def test_the_rest_is_credit(api: TestClient, ana: UUID) -> None:
    take(api, ana, billing.decimal(2 * ONE_MONTH + 350_00))
    told = account(api, ana)
    assert (told["due"]["amount"], told["credit"]["amount"], told["charges"]) == ("0.00", "350.00", [])


def test_several_accounts_at_once_leave_out_who_is_beyond_reach(
    api: TestClient, session: Session, ana: UUID
) -> None:
    union = factories.organisation(session)
    mine, theirs = factories.member(session, organisation_id=union), factories.member(session)
    take(api, mine, "10.00")
    body = {"member_ids": [str(one) for one in (ana, mine, theirs, UUID(int=1))]}
    answer = post(api, "/v1/members/accounts", body)
    found = {one["member_id"]: one for one in answer.json()["items"]}
    assert found.keys() == {str(ana), str(mine), str(theirs)}
    assert (found[str(ana)]["open_periods"], found[str(ana)]["oldest_due_on"]) == (2, "2026-07-03")
    head = tokens.staff("payments:read", roots=[union])
    [reached] = post(api, "/v1/members/accounts", body, by=head).json()["items"]
    assert (reached["member_id"], reached["credit"]["amount"]) == (str(mine), "10.00")
    assert post(api, "/v1/members/accounts", {"member_ids": []}).status_code == 422
    too_many = {"member_ids": [str(UUID(int=number)) for number in range(201)]}
    assert post(api, "/v1/members/accounts", too_many).status_code == 422


def test_charges_come_with_their_lines_and_payments_with_their_receipts(api: TestClient, ana: UUID) -> None:
    receipt = take(api, ana, "4000.00").json()["receipt"]
    told = statement(api, ana)
    assert [one["kind"] for one in told] == ["payment", "charge", "charge"]
    assert (told[0]["receipt_number"], told[0]["amount"]["amount"]) == (receipt["number"], "4000.00")
    july = told[1]
    assert (july["period"], july["amount"]["amount"]) == ("2026-07", billing.decimal(ONE_MONTH))
    lines = {
        one["line"]: (one["branch"], one["payer"], one["rate"], one["amount"]["amount"])
        for one in july["lines"]
    }
    assert lines == {
        "sfs_worker": ("sfs", "worker", "3.04", "560.00"),
        "sfs_employer": ("sfs", "employer", "7.09", "1306.06"),
        "svds_worker": ("svds", "worker", "2.87", "528.69"),
        "svds_employer": ("svds", "employer", "7.10", "1307.91"),
        "srl": ("srl", "employer", "1.10", "202.63"),
    }
    assert july["lines"][0]["names"]["es"] == "Seguro Familiar de Salud"


def test_a_reversal_stands_beside_its_payment(api: TestClient, ana: UUID) -> None:
    payment = take(api, ana, "4000.00").json()
    reversing.decide(api, reversing.ask(api, payment).json())
    told = statement(api, ana)
    assert [one["kind"] for one in told] == ["reversal", "payment", "charge", "charge"]
    assert (told[0]["receipt_number"], told[0]["reason"]) == (
        payment["receipt"]["number"],
        "typed for the wrong member",
    )
    assert account(api, ana)["payments"][0]["state"] == "reversed"


def test_a_whole_month_is_told_newest_first(api: TestClient, session: Session) -> None:
    paid = billing.payroll(session, api)
    ana, beto = paid.members[:2]
    notice = compared(api, bill(paid, lines=[changed(paid.lines[0], sfs=-1), paid.lines[2]]))
    words = {"reason": "missing", "words": "asked the State"}
    post(api, f"/v1/payment-notices/{notice['id']}/explanations", words)
    remittance_id = billing.remitted(api, notice)
    assert [one["kind"] for one in statement(api, ana)] == ["coverage", "payment", "charge"]
    lapsed = statement(api, beto)
    assert [one["kind"] for one in lapsed] == ["lapse", "payment", "charge"]
    assert (lapsed[0]["period"], lapsed[0]["reason"], lapsed[0]["amount"]["amount"]) == (
        "2026-07",
        "missing_from_notice",
        billing.decimal(ONE_MONTH),
    )
    asked = post(api, f"/v1/remittances/{remittance_id}/returns", {"reason": "sent back"}).json()
    decide(api, asked)
    withdraw_coverage(remittance_id=remittance_id)
    told = statement(api, ana)
    assert [one["kind"] for one in told] == ["coverage_withdrawn", "coverage", "payment", "charge"]
    assert (told[0]["period"], told[0]["reason"], told[1]["covered_until"]) == (
        "2026-07",
        "remittance_returned",
        "2026-08-31",
    )


def test_who_was_left_out_reads_why(api: TestClient, session: Session, ana: UUID) -> None:
    take(api, ana, billing.decimal(ONE_MONTH))
    file(api, draw(api, {})["id"])
    told = statement(api, ana)
    assert [one["kind"] for one in told if one["period"] != "2026-06"] == ["lapse", "payment", "charge"]
    assert (told[0]["reason"], told[0]["amount"]["amount"]) == ("unpaid", billing.decimal(ONE_MONTH))


def test_a_statement_comes_in_pages_without_gap_or_repeat(api: TestClient, ana: UUID) -> None:
    for pesos in range(1, 6):
        take(api, ana, f"{pesos}.00")
    whole = [one["id"] for one in statement(api, ana)]
    seen: list[str] = []
    page = read(api, f"/v1/members/{ana}/statement?limit=3")
    while True:
        seen += [one["id"] for one in page["items"]]
        if page["next"] is None:
            break
        page = read(api, f"/v1/members/{ana}/statement?limit=3&after={page['next']}")
    assert seen == whole
    assert len(whole) == 7


CURSORS = ["x", "2026-07-06", "2026-99-99.0199d0f2-6f6a-7c1e-9c39-6f1d1b0c7a55.charge"]


def test_a_cursor_of_ones_own_making_is_refused(api: TestClient) -> None:
    for after in CURSORS:
        path = f"/v1/members/{UUID(int=1)}/statement?after={after}"
        answer = api.get(path, headers=tokens.headers(ACCOUNTANT))
        assert (answer.status_code, answer.json()["type"]) == (422, "invalid"), after


def test_an_account_out_of_reach_is_not_there(api: TestClient, session: Session) -> None:
    union = factories.organisation(session)
    mine, theirs = factories.member(session, organisation_id=union), factories.member(session)
    head = tokens.headers(tokens.staff("payments:read", roots=[union]))
    nobody = tokens.headers(tokens.staff("coverage:read"))
    for what in ("account", "statement"):
        assert api.get(f"/v1/members/{mine}/{what}", headers=head).status_code == 200
        refused = api.get(f"/v1/members/{theirs}/{what}", headers=head)
        assert (refused.status_code, refused.json()["type"]) == (404, "no-such-member")
        assert api.get(f"/v1/members/{mine}/{what}", headers=nobody).status_code == 403


def test_every_opening_is_noted(api: TestClient, session: Session, ana: UUID) -> None:
    account(api, ana)
    statement(api, ana)
    post(api, "/v1/members/accounts", {"member_ids": [str(ana)]})
    noted = session.execute(
        text("SELECT action FROM audit_log WHERE subject_id = :id AND actor_id = :by ORDER BY id"),
        {"id": ana, "by": ACCOUNTANT.subject},
    ).scalars()
    assert list(noted) == ["accounts.open", "accounts.open_statement", "accounts.list"]
