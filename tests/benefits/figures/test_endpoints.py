"""The figures: received = relayed + returned + waiting, in a month and in all, whatever happened."""

from datetime import date
from typing import Any

from fastapi.testclient import TestClient
from sqlmodel import Session

from services.kit import clock, secrets
from tests import tokens
from tests.benefits import factories, stories
from tests.benefits.stories import CASHIER, CLERK, OFFICER, dop, get, item, post

MONEY = ("opening", "received", "relayed", "returned", "waiting")


def figures(api: TestClient, **params: Any) -> dict[str, Any]:
    answer = get(api, "/v1/figures", by=OFFICER, **params)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    minor = {name: int(found[name]["amount"].replace(".", "")) for name in MONEY}
    assert minor["opening"] + minor["received"] == minor["relayed"] + minor["returned"] + minor["waiting"]
    return found


def a_mixed_month(api: TestClient, session: Session) -> stories.Told:
    """One item paid in cash, one failed, one at the counter, one returned, one in quarantine.

    And a bank line that nobody has claimed.
    """
    owners = [factories.member(session) for _ in range(3)]
    told = stories.released(
        api,
        session,
        *(item(owner, amount=dop(f"{n}.00")) for n, owner in enumerate(owners, start=1)),
        item(amount=dop("40.00")),
        item(amount=dop("50.00")),
    )
    paid, failed, _ = stories.payouts(api, told)
    [event] = [
        e for e in factories.announced(session, "benefits.payout_ready.v1") if e["payout_id"] == paid["id"]
    ]
    code = secrets.decrypt(event["code_sealed"], purpose="payout-code")
    post(api, f"/v1/payouts/{paid['id']}/cash-payments", {"code": code}, by=CASHIER, key="1")
    post(api, f"/v1/payouts/{failed['id']}/withdrawals", {"reason": "unclaimed"}, by=OFFICER)
    forty, _ = get(api, "/v1/quarantine", by=CLERK).json()["items"]
    post(api, f"/v1/items/{forty['id']}/returns", {"reason": "not-a-member"}, by=CLERK)
    factories.funds(session, "nobody's", 700_00)
    return told


def test_all_that_came_is_somewhere(api: TestClient, session: Session) -> None:
    a_mixed_month(api, session)
    for found in (figures(api), figures(api, period="2026-07")):
        assert {name: found[name]["amount"] for name in MONEY} == {
            "opening": "0.00",
            "received": "796.00",
            "relayed": "1.00",
            "returned": "40.00",
            "waiting": "755.00",
        }
        counts = {name: found[name] for name in found if name.endswith("_count")}
        assert counts == {
            "announced_count": 0,
            "unfunded_count": 0,
            "unclaimed_count": 1,
            "quarantined_count": 1,
            "releasable_count": 0,
            "at_the_counter_count": 1,
            "ordered_count": 0,
            "failed_count": 1,
        }
        assert (found["oldest_waiting_on"], found["oldest_waiting_days"]) == ("2026-07-20", 0)


def test_what_waits_is_carried_into_the_next_month(api: TestClient, session: Session) -> None:
    a_mixed_month(api, session)
    clock.set_business_today(session, date(2026, 8, 3))
    session.commit()
    factories.funds(session, "august", 1_00)
    august = figures(api, period="2026-08")
    assert {name: august[name]["amount"] for name in MONEY} == {
        "opening": "755.00",
        "received": "1.00",
        "relayed": "0.00",
        "returned": "0.00",
        "waiting": "756.00",
    }
    assert august["oldest_waiting_days"] == 14
    assert figures(api, period="2026-07")["waiting"] == dop("755.00")


def test_money_that_the_bank_sends_back_is_not_relayed(api: TestClient, session: Session) -> None:
    ana = factories.member(session)
    factories.account(session, ana)
    told = stories.released(api, session, item(ana))
    [payout] = stories.payouts(api, told)
    [order] = get(api, "/v1/bank-orders", by=OFFICER).json()["items"]
    relayed = []
    for outcome in ("paid", "returned"):
        answer = {"reference": f"{payout['id'].replace('-', '')}-1", "outcome": outcome}
        post(api, f"/v1/bank-orders/{order['id']}/confirmations", {"items": [answer]}, by=CASHIER)
        relayed.append(figures(api)["relayed"]["amount"])
    assert relayed == ["100.00", "0.00"]
    assert figures(api)["waiting"] == dop("100.00")


def test_the_books_say_the_same_of_one_disbursement(api: TestClient, session: Session) -> None:
    told = a_mixed_month(api, session)
    [found] = factories.rows(
        session,
        """
        SELECT sum(amount_minor) FILTER (WHERE kind = 'funds_assigned') AS received,
               sum(amount_minor) FILTER (WHERE kind = 'payout_paid') AS relayed,
               sum(amount_minor) FILTER (WHERE kind IN ('item_returned', 'payout_returned')) AS returned
        FROM ledger_entries WHERE source_id = :id
            OR source_id IN (SELECT id FROM items WHERE disbursement_id = :id)
            OR source_id IN (SELECT id FROM payouts WHERE disbursement_id = :id)
        """,
        id=told.id,
    )
    assert tuple(found) == (96_00, 1_00, 40_00)
    [waiting] = factories.rows(
        session,
        """
        SELECT sum(amount_minor) AS minor FROM (
            SELECT amount_minor FROM items WHERE disbursement_id = :id AND state = 'quarantined'
            UNION ALL SELECT amount_minor FROM payouts
            WHERE disbursement_id = :id AND state NOT IN ('paid', 'returned')) still
        """,
        id=told.id,
    )
    assert found.received - found.relayed - found.returned == waiting.minor


def test_another_currency_is_counted_by_itself(api: TestClient, session: Session) -> None:
    factories.funds(session, "x", 5_00, currency="USD")
    assert figures(api)["received"] == dop("0.00")
    assert figures(api, currency="USD")["received"] == {"amount": "5.00", "currency": "USD"}


def test_a_wrong_period_is_refused(api: TestClient) -> None:
    assert get(api, "/v1/figures", by=OFFICER, period="2026-13").status_code == 422


def test_whoever_is_limited_to_an_organisation_sees_no_figures(api: TestClient, session: Session) -> None:
    head = tokens.staff("disbursements:read", roots=[factories.organisation(session)])
    assert get(api, "/v1/figures", by=head).status_code == 403
