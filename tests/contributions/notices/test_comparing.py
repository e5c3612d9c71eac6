"""Comparing a bill: collected, declared and billed apart; each difference its reason; the books agree."""

from typing import Any
from uuid import UUID

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session

from services.contributions.notices.jobs import compare_notice
from tests import tokens
from tests.contributions import billing
from tests.contributions.billing import Payroll, balances, bill, changed, compared, decimal, read

FLOOR = 27_489_60
LIFT = {"sfs": 918_69, "svds": 904_19, "srl": 99_76}


@pytest.fixture
def paid(session: Session, api: TestClient) -> Payroll:
    """Three members, one of them with two additional dependants."""
    return billing.payroll(session, api, {}, {"additional_dependants": 2}, {})


def differences(api: TestClient, notice: Any, query: str = "") -> list[Any]:
    found: list[Any] = read(api, f"/v1/payment-notices/{notice['id']}/differences{query}")["items"]
    return found


def by_reason(notice: Any) -> dict[str, tuple[int, int, str]]:
    return {
        one["reason"]: (one["differences"], one["open"], one["amount"]["amount"]) for one in notice["reasons"]
    }


def ensure_reasons_sum(notice: Any) -> None:
    """Σ reasons = billed − declared."""
    minor = sum(round(float(one["amount"]["amount"]) * 100) for one in notice["reasons"])
    assert decimal(minor) == notice["difference"]["amount"]


def test_a_bill_of_what_was_declared_has_no_differences(
    api: TestClient, session: Session, paid: Payroll
) -> None:
    before = balances(session)
    notice = compared(api, bill(paid))
    assert notice["state"] == "compared"
    assert notice["billed"] == notice["declared"] == billing.money(paid.total_minor)
    assert (notice["difference"]["amount"], notice["reasons"]) == ("0.00", [])
    assert balances(session) == before


def test_a_lifted_wage_is_the_floor_and_the_mutuals_to_bear(
    api: TestClient, session: Session, paid: Payroll
) -> None:
    lifted = changed(paid.lines[0], wage_minor=FLOOR, **LIFT)
    notice = compared(api, bill(paid, lines=[lifted, *paid.lines[1:]]))
    total = sum(LIFT.values())
    assert by_reason(notice) == {"floor": (3, 0, decimal(total))}
    assert notice["shortfall"]["amount"] == decimal(total)
    assert balances(session)["mutual:shortfall"] == total
    found = {one["branch"]: one for one in differences(api, notice)}
    assert found["sfs"]["member_id"] == str(paid.members[0])
    declared = paid.lines[0]["branches"]["sfs"]
    assert [found["sfs"][name]["amount"] for name in ("collected", "declared", "billed", "amount")] == [
        decimal(declared),
        decimal(declared),
        decimal(declared + LIFT["sfs"]),
        decimal(LIFT["sfs"]),
    ]


def test_a_centavo_more_or_less_is_rounding(api: TestClient, session: Session, paid: Payroll) -> None:
    lines = [changed(paid.lines[0], sfs=1), changed(paid.lines[1], svds=-2), paid.lines[2]]
    notice = compared(api, bill(paid, lines=lines))
    assert by_reason(notice) == {"rounding": (2, 0, "-0.01")}
    books = balances(session)
    assert (books["mutual:shortfall"], books["members:state_credits"]) == (1, -2)


def test_what_one_branch_bills_less_pays_first_what_another_bills_more(
    api: TestClient, session: Session, paid: Payroll
) -> None:
    notice = compared(api, bill(paid, lines=[changed(paid.lines[0], sfs=1, svds=-1), *paid.lines[1:]]))
    assert by_reason(notice) == {"rounding": (2, 0, "0.00")}
    assert "mutual:shortfall" not in balances(session)


def test_who_is_missing_and_who_is_unknown_wait_for_an_explanation(
    api: TestClient, session: Session, paid: Payroll
) -> None:
    before = balances(session)
    stranger = {"document": "99999999999", "wage_minor": 20_000_00, "branches": {"sfs": 500_00}}
    notice = compared(api, bill(paid, lines=[*paid.lines[1:], stranger]))
    missing = sum(paid.lines[0]["branches"].values())
    assert by_reason(notice) == {
        "missing": (3, 3, decimal(-missing)),
        "unknown": (1, 1, "500.00"),
    }
    ensure_reasons_sum(notice)
    assert balances(session) == before
    [unknown] = differences(api, notice, "?reason=unknown")
    assert (unknown["member_id"], unknown["line_number"], unknown["document"]) == (None, 3, "••••999")
    personal = tokens.staff("declarations:read", "members:read_personal")
    path = f"/v1/payment-notices/{notice['id']}/differences?reason=unknown"
    assert read(api, path, by=personal)["items"][0]["document"] == "99999999999"


def test_another_wage_or_amount_has_another_cause(api: TestClient, paid: Payroll) -> None:
    lines = [
        changed(paid.lines[0], srl=700),
        changed(paid.lines[1], wage_minor=17_000_00, sfs=-5),
        paid.lines[2],
    ]
    notice = compared(api, bill(paid, lines=lines))
    assert by_reason(notice) == {"other": (2, 2, "6.95")}


def test_a_branch_that_nobody_declared_has_another_cause(api: TestClient, paid: Payroll) -> None:
    line = paid.lines[0] | {"branches": paid.lines[0]["branches"] | {"infotep": 184_21}}
    notice = compared(api, bill(paid, lines=[line, *paid.lines[1:]]))
    [found] = differences(api, notice)
    assert (found["branch"], found["reason"], found["declared"]["amount"]) == ("infotep", "other", "0.00")


def test_a_late_charge_is_the_mutuals_and_a_credit_the_members(
    api: TestClient, session: Session, paid: Payroll
) -> None:
    notice = compared(api, bill(paid, late_minor=50_00, credits_minor=80_00))
    assert by_reason(notice) == {"credit": (1, 0, "-80.00"), "late_charge": (1, 0, "50.00")}
    assert notice["difference"]["amount"] == "-30.00"
    assert notice["shortfall"]["amount"] == "50.00"
    books = balances(session)
    assert books["members:state_credits"] == -80_00
    assert books["obligations:late_charges"] == -50_00
    assert books["mutual:shortfall"] == 50_00


def test_everything_at_once_still_sums_to_billed_less_declared(api: TestClient, paid: Payroll) -> None:
    stranger = {"document": "99999999999", "wage_minor": 20_000_00, "branches": {"sfs": 500_00}}
    lines = [
        changed(paid.lines[0], wage_minor=FLOOR, **LIFT),
        changed(paid.lines[1], sfs=1, srl=99),
        stranger,
    ]
    notice = compared(api, bill(paid, lines=lines, late_minor=3, credits_minor=7_00))
    assert set(by_reason(notice)) == {
        "floor",
        "rounding",
        "other",
        "missing",
        "unknown",
        "late_charge",
        "credit",
    }
    ensure_reasons_sum(notice)


def test_an_audit_bills_on_top_of_what_was_declared(api: TestClient, paid: Payroll) -> None:
    compared(api, bill(paid))
    audit = compared(api, bill(paid, reference="AUD-1", type="audit", lines=[paid.lines[0]]))
    amount = decimal(sum(paid.lines[0]["branches"].values()))
    assert (audit["declared"]["amount"], audit["difference"]["amount"]) == ("0.00", amount)
    assert by_reason(audit) == {"other": (3, 3, amount)}


def test_comparing_again_changes_nothing(api: TestClient, session: Session, paid: Payroll) -> None:
    notice = compared(api, bill(paid, lines=[changed(paid.lines[0], sfs=1), *paid.lines[1:]]))
    before = balances(session)
    compare_notice(notice_id=notice["id"])
    assert read(api, f"/v1/payment-notices/{notice['id']}") == notice
    assert balances(session) == before


def test_differences_come_in_pages(api: TestClient, paid: Payroll) -> None:
    notice = compared(api, bill(paid, lines=[changed(line, srl=5_00) for line in paid.lines]))
    path, seen = f"/v1/payment-notices/{notice['id']}/differences?limit=2", []
    headers = tokens.headers(billing.ACCOUNTANT)
    answer = api.get(path, headers=headers)
    while True:
        seen += [UUID(one["id"]) for one in answer.json()["items"]]
        if "next" not in answer.links:
            break
        answer = api.get(path.partition("?")[0] + answer.links["next"]["url"], headers=headers)
    assert len(set(seen)) == len(seen) == 3
