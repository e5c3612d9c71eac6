"""A month's figures: each from its own rows, and the equations that hold between them."""

from datetime import date
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session

from services.kit import clock
from services.kit.periods import Period
from tests import tokens
from tests.contributions import billing, factories
from tests.contributions.billing import (
    ACCOUNTANT,
    Payroll,
    balances,
    bill,
    changed,
    charged,
    compared,
    fund,
    read,
    remitted,
    statement,
)
from tests.contributions.declarations.test_drawing import draw, file
from tests.contributions.payments import test_reversing as reversing
from tests.contributions.payments.test_endpoints import take
from tests.contributions.payments.test_posting import ONE_MONTH

JULY = "2026-07"


def minor(money: Any) -> int:
    return int(money["amount"].replace(".", ""))


def figures(api: TestClient, period: str = JULY) -> Any:
    return read(api, f"/v1/periods/{period}")


def ensure_equations(api: TestClient, session: Session, period: str = JULY) -> Any:
    """What always holds between a month's figures, and between them and the books."""
    told = figures(api, period)
    where = minor(told["allocated"]["amount"]) + sum(
        minor(told[name]) for name in ("credit", "suspense", "refunded")
    )
    assert minor(told["collected"]["amount"]) == where
    books = balances(session)
    assert minor(told["credit"]) == -books.get("members:credit", 0)
    assert minor(told["suspense"]) == -books.get("suspense", 0)
    return told


@pytest.fixture
def paid(session: Session, api: TestClient) -> Payroll:
    """Five members: three paid more than was asked, one paid half, one nothing; July is filed."""
    factories.authorisation(session)
    made = [factories.member(session) for _ in range(5)]
    factories.charge_period(session)
    for member_id in made[:3]:
        take(api, member_id, "4000.00")
    take(api, made[3], "2000.00")
    drawn = draw(api, {})
    file(api, drawn["id"])
    session.expire_all()
    return Payroll(drawn["id"], made[:3], charged(session, drawn["id"]))


def test_a_month_from_charged_to_covered(api: TestClient, session: Session, paid: Payroll) -> None:
    told = ensure_equations(api, session)
    assert told["charged"] == {"amount": billing.money(5 * ONE_MONTH), "members": 5}
    assert told["lapsed"] == {"amount": billing.money(2 * ONE_MONTH), "members": 2}
    assert told["allocated"] == {"amount": billing.money(3 * ONE_MONTH), "members": 3}
    assert told["collected"] == {"amount": billing.money(14_000_00), "members": 3}
    assert told["declared"] == {"amount": billing.money(3 * ONE_MONTH), "members": 3}
    assert (told["left_out"], told["covered"], told["stage"], told["state"]) == (2, 0, "filed", "open")

    lines = [changed(paid.lines[0], wage_minor=20_000_00, sfs=300_00), *paid.lines[1:]]
    notice = compared(api, bill(paid, lines=lines))
    told = ensure_equations(api, session)
    assert told["billed"] == {"amount": billing.money(3 * ONE_MONTH + 300_00), "members": 3}
    assert (minor(told["differences"]), told["stage"]) == (300_00, "billed")
    assert minor(told["differences"]) == minor(told["billed"]["amount"]) - minor(told["declared"]["amount"])

    fund(api, 1_000_00)
    remitted(api, notice, shortfall_account="reserve")
    told = ensure_equations(api, session)
    assert (told["remitted"], told["covered"], told["stage"]) == (told["billed"], 3, "remitted")


def test_before_anything_happened_all_is_nought(api: TestClient, session: Session) -> None:
    told = ensure_equations(api, session, "2026-02")
    assert (told["charged"], told["stage"]) == ({"amount": billing.money(0), "members": 0}, "uncharged")
    assert (told["arrears"], told["collected_by_day"]) == ([], [])


def test_the_calendar_of_a_month(api: TestClient, session: Session) -> None:
    told = figures(api)
    assert (told["due_on"], told["cut_off_on"], told["countdown_days"]) == ("2026-08-05", "2026-07-31", 30)
    clock.set_business_today(session, date(2026, 8, 7))
    session.commit()
    assert figures(api)["countdown_days"] == -2


def test_money_in_suspense_and_a_reversal_keep_the_equation(
    api: TestClient, session: Session, paid: Payroll
) -> None:
    statement(api, "06/07/2026,X,QUIEN SABE,,700.00")
    told = ensure_equations(api, session)
    assert (minor(told["suspense"]), minor(told["collected"]["amount"])) == (700_00, 14_700_00)
    [payment] = read(api, f"/v1/members/{paid.members[0]}/account")["payments"]
    reversing.decide(api, reversing.ask(api, payment).json())
    told = ensure_equations(api, session)
    assert minor(told["collected"]["amount"]) == 10_700_00


def test_what_other_months_took_is_not_this_ones(api: TestClient, session: Session) -> None:
    factories.authorisation(session)
    ana = factories.member(session)
    for month in (6, 7):
        factories.charge_period(session, Period(2026, month))
    take(api, ana, billing.decimal(ONE_MONTH + 1_000_00))
    june, july = (ensure_equations(api, session, period) for period in ("2026-06", JULY))
    assert minor(june["collected"]["amount"]) == minor(june["allocated"]["amount"]) == ONE_MONTH
    assert minor(july["collected"]["amount"]) == minor(july["allocated"]["amount"]) == 1_000_00


def test_what_came_in_day_by_day_comes_to_what_was_allocated(api: TestClient, session: Session) -> None:
    factories.authorisation(session)
    made = [factories.member(session) for _ in range(3)]
    factories.charge_period(session)
    for day, member_id in zip((1, 3, 3), made, strict=True):
        take(api, member_id, "100.00", value_on=f"2026-07-0{day}")
    told = figures(api)
    assert told["collected_by_day"] == [
        {"on": "2026-07-01", "amount": billing.money(100_00)},
        {"on": "2026-07-03", "amount": billing.money(200_00)},
    ]
    assert minor(told["allocated"]["amount"]) == 300_00


def test_arrears_are_what_earlier_months_are_owed_by_how_many(api: TestClient, session: Session) -> None:
    factories.authorisation(session)
    old, older = factories.member(session), factories.member(session)
    for month in (3, 4, 5, 6, 7):
        factories.charge_period(session, Period(2026, month))
    take(api, old, billing.decimal(3 * ONE_MONTH))
    assert figures(api)["arrears"] == [
        {"months": 1, "members": 1, "amount": billing.money(ONE_MONTH)},
        {"months": 3, "members": 1, "amount": billing.money(4 * ONE_MONTH)},
    ]
    assert older != old


def test_the_last_months_come_oldest_first(api: TestClient, session: Session, paid: Payroll) -> None:
    items = read(api, "/v1/periods?last=3")["items"]
    assert [one["period"] for one in items] == ["2026-05", "2026-06", "2026-07"]
    whole = figures(api)
    assert items[-1] == {name: whole[name] for name in items[-1]}
    assert len(read(api, "/v1/periods")["items"]) == 12


WRONG_SHAPES = ["/v1/periods/2026-13", "/v1/periods/july", "/v1/periods?last=0"]


def test_a_wrong_shape_and_a_missing_right_are_refused(api: TestClient) -> None:
    for path in WRONG_SHAPES:
        assert api.get(path, headers=tokens.headers(ACCOUNTANT)).status_code == 422, path
    nobody = tokens.headers(tokens.staff("payments:read"))
    for path in ("/v1/periods", f"/v1/periods/{JULY}", "/v1/ledger/balances"):
        assert api.get(path, headers=nobody).status_code == 403, path


def test_the_trial_balance_balances_at_any_day(api: TestClient, session: Session, paid: Payroll) -> None:
    clock.set_business_today(session, date(2026, 8, 4))
    session.commit()
    remitted(api, compared(api, bill(paid)))
    july, now = (read(api, f"/v1/ledger/balances{query}") for query in ("?through=2026-07-31", ""))
    for told in (july, now):
        [total] = told["totals"]
        assert total["debit"] == total["credit"]
        assert sum(minor(one["balance"]) for one in told["items"]) == 0
    owed = {told["through"]: balance_of(told, "obligations:contributions") for told in (july, now)}
    assert owed == {"2026-07-31": -3 * ONE_MONTH, None: 0}


def balance_of(told: Any, account: str) -> int:
    return next(minor(one["balance"]) for one in told["items"] if one["account"] == account)


def test_client_money_held_is_never_less_than_what_is_owed_to_members(
    api: TestClient, session: Session, paid: Payroll
) -> None:
    """After a lifted wage, a late charge, a reversal and the payment: held = theirs + the mutual's own."""
    fund(api, 5_000_00)
    [payment] = read(api, f"/v1/members/{paid.members[1]}/account")["payments"]
    reversing.decide(api, reversing.ask(api, payment).json())
    lines = [changed(paid.lines[0], wage_minor=20_000_00, sfs=300_00), *paid.lines[1:]]
    notice = compared(api, bill(paid, lines=lines, late_minor=10_00, credits_minor=5_00))
    remitted(api, notice, shortfall_account="reserve")
    books = balances(session)
    theirs = -sum(books.get(name, 0) for name in ("members:credit", "members:state_credits", "suspense"))
    own = -books["mutual:own:reserve"]
    assert books["held"] == theirs + own
    assert -books["mutual:advanced"] == books["receivable:contributions"] > 0
