"""Bank orders: drawn once, fetched as the same bytes, confirmed, failed and sent back, each once."""

from hashlib import sha256
from io import BytesIO
from typing import Any
from xml.etree.ElementTree import fromstring

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session

from tests import tokens
from tests.benefits import factories, stories
from tests.benefits.races import at_once
from tests.benefits.stories import CASHIER, OFFICER, decide, get, item, post


def by_bank(api: TestClient, session: Session, *amounts: str) -> stories.Told:
    """A released disbursement of members who have bank accounts."""
    items = []
    for amount in amounts or ("100.00",):
        ana = factories.member(session)
        factories.account(session, ana)
        items.append(item(ana, amount=stories.dop(amount)))
    return stories.released(api, session, *items)


def order_of(api: TestClient, told: stories.Told) -> dict[str, Any]:
    answer = get(api, "/v1/bank-orders", by=OFFICER, disbursement_id=str(told.id))
    assert answer.status_code == 200, answer.text
    order: dict[str, Any] = answer.json()["items"][-1]
    return order


def references(api: TestClient, told: stories.Told) -> list[str]:
    return [f"{one['id'].replace('-', '')}-{one['attempt']}" for one in stories.payouts(api, told)]


def confirm(api: TestClient, order: dict[str, Any], *items: dict[str, Any], by: Any = CASHIER) -> Any:
    return post(api, f"/v1/bank-orders/{order['id']}/confirmations", {"items": list(items)}, by=by)


def test_releasing_members_with_accounts_draws_an_order(api: TestClient, session: Session) -> None:
    told = by_bank(api, session, "100.00", "9947.45")
    order = order_of(api, told)
    assert (order["line_count"], order["total"], order["counts"]) == (
        2,
        stories.dop("10047.45"),
        {"ordered": 2},
    )
    assert {payout["state"] for payout in stories.payouts(api, told)} == {"ordered"}


def test_a_disbursement_goes_out_both_ways(api: TestClient, session: Session) -> None:
    ana, eva = factories.member(session), factories.member(session)
    factories.account(session, ana)
    told = stories.released(api, session, item(ana, reference="ana"), item(eva, reference="eva"))
    assert stories.status(api, told) == {"ana": ("ordered", None), "eva": ("released", None)}
    assert order_of(api, told)["line_count"] == 1


@pytest.mark.parametrize("kind", ["csv", "xml"])
def test_the_file_is_the_same_bytes_whenever_it_is_fetched(
    api: TestClient, session: Session, kind: str
) -> None:
    told = by_bank(api, session)
    order = order_of(api, told)
    path = f"/v1/bank-orders/{order['id']}/file"
    first, second = (get(api, path, by=CASHIER, format=kind) for _ in range(2))
    assert first.status_code == 200
    assert first.content == second.content
    assert sha256(first.content).hexdigest() == order[f"{kind}_sha256"]
    assert references(api, told)[0] in first.text
    assert "12345678" in first.text
    fetched = factories.rows(session, "SELECT FROM audit_log WHERE action = 'bank_orders.fetch'")
    assert len(fetched) == 2


def test_the_xml_is_well_formed_and_sums_up(api: TestClient, session: Session) -> None:
    order = order_of(api, by_bank(api, session, "1.10", "2.20"))
    body = get(api, f"/v1/bank-orders/{order['id']}/file", by=CASHIER).content
    found = {e.tag.rpartition("}")[2]: e.text for e in fromstring(body).iter()}
    assert (found["CtrlSum"], found["NbOfTxs"], found["MsgId"]) == (
        "3.30",
        "2",
        order["id"].replace("-", ""),
    )


def test_no_account_number_lies_open_in_the_database(api: TestClient, session: Session) -> None:
    by_bank(api, session)
    [stored] = factories.rows(session, "SELECT csv_sealed || xml_sealed AS files FROM bank_orders")
    assert "12345678" not in stored.files
    assert "Cdtr" not in stored.files


def test_a_confirmation_moves_the_money_and_is_announced(api: TestClient, session: Session) -> None:
    told = by_bank(api, session)
    [reference] = references(api, told)
    done = confirm(
        api,
        order_of(api, told),
        {"reference": reference, "outcome": "paid", "bank_reference": "B-1", "value_on": "2026-07-19"},
    )
    assert done.status_code == 200, done.text
    assert (done.json()["paid"], done.json()["refused"]) == (1, [])
    [payout] = stories.payouts(api, told)
    assert (payout["state"], payout["paid_on"]) == ("paid", "2026-07-19")
    assert factories.balances(session) == {}
    [event] = factories.announced(session, "benefits.payout_paid.v1")
    [paid] = event["payouts"]
    assert (paid["payout_id"], paid["channel"], paid["amount_minor"]) == (payout["id"], "bank", 100_00)
    assert order_of(api, told)["counts"] == {"paid": 1}


def test_a_confirmation_repeated_changes_nothing(api: TestClient, session: Session) -> None:
    told = by_bank(api, session)
    [reference] = references(api, told)
    answers = [
        confirm(api, order_of(api, told), {"reference": reference, "outcome": "paid"}).json()
        for _ in range(2)
    ]
    assert [(a["paid"], a["repeated"]) for a in answers] == [(1, 0), (0, 1)]
    assert len(factories.announced(session, "benefits.payout_paid.v1")) == 1


def test_one_request_may_repeat_itself(api: TestClient, session: Session) -> None:
    told = by_bank(api, session)
    line = {"reference": references(api, told)[0], "outcome": "paid"}
    done = confirm(api, order_of(api, told), line, line).json()
    assert (done["paid"], done["repeated"]) == (1, 1)


def test_what_the_bank_could_not_pay_is_owed_again(api: TestClient, session: Session) -> None:
    told = by_bank(api, session)
    [reference] = references(api, told)
    done = confirm(
        api,
        order_of(api, told),
        {"reference": reference, "outcome": "failed", "reason": "account closed"},
    )
    assert done.json()["failed"] == 1
    [payout] = stories.payouts(api, told)
    assert (payout["state"], payout["reason"]) == ("failed", "account closed")
    assert factories.balances(session) == {"bank": 100_00, "owed-to-members": -100_00}
    assert list(stories.status(api, told).values()) == [("failed", "not-delivered")]


def test_paid_money_that_comes_back_is_owed_again(api: TestClient, session: Session) -> None:
    told = by_bank(api, session)
    [reference] = references(api, told)
    confirm(api, order_of(api, told), {"reference": reference, "outcome": "paid"})
    done = confirm(api, order_of(api, told), {"reference": reference, "outcome": "returned"})
    assert done.json()["returned"] == 1
    assert factories.balances(session) == {"bank": 100_00, "owed-to-members": -100_00}
    assert order_of(api, told)["counts"] == {"returned": 1}


def test_an_answer_that_cannot_be_true_is_refused_and_the_others_go_in(
    api: TestClient, session: Session
) -> None:
    told = by_bank(api, session, "1.00", "2.00", "3.00")
    one, two, three = references(api, told)
    confirm(api, order_of(api, told), {"reference": one, "outcome": "paid"})
    done = confirm(
        api,
        order_of(api, told),
        {"reference": one, "outcome": "failed"},
        {"reference": "unknown", "outcome": "paid"},
        {"reference": two, "outcome": "returned"},
        {"reference": two, "outcome": "paid", "value_on": "2026-07-21"},
        {"reference": three, "outcome": "paid"},
    ).json()
    assert done["paid"] == 1
    assert [(refused["line"], refused["reason"]) for refused in done["refused"]] == [
        (1, "the payout is paid"),
        (2, "not a line of this order"),
        (3, "the payout is ordered"),
        (4, "2026-07-21 lies in the future"),
    ]


def test_a_line_of_another_order_is_refused(api: TestClient, session: Session) -> None:
    mine, other = by_bank(api, session), by_bank(api, session)
    done = confirm(api, order_of(api, mine), {"reference": references(api, other)[0], "outcome": "paid"})
    assert done.json()["refused"][0]["reason"] == "not a line of this order"


def test_an_old_attempts_answer_does_not_touch_the_new_one(api: TestClient, session: Session) -> None:
    told = by_bank(api, session)
    [first] = references(api, told)
    order = order_of(api, told)
    confirm(api, order, {"reference": first, "outcome": "failed"})
    [payout] = stories.payouts(api, told)
    asked = post(api, f"/v1/payouts/{payout['id']}/reissues", {"reason": "new account"}, by=OFFICER)
    assert decide(api, asked.json()["id"]).status_code == 200
    late = confirm(api, order, {"reference": first, "outcome": "paid"}).json()
    assert (late["paid"], len(late["refused"])) == (0, 1)
    [second] = references(api, told)
    assert confirm(api, order_of(api, told), {"reference": second, "outcome": "paid"}).json()["paid"] == 1


def upload(api: TestClient, order: dict[str, Any], content: bytes, name: str = "banco.csv") -> Any:
    return api.post(
        f"/v1/bank-orders/{order['id']}/confirmation-files",
        files={"file": (name, BytesIO(content))},
        headers=tokens.headers(CASHIER),
    )


def test_the_banks_answers_come_as_a_file_too(api: TestClient, session: Session) -> None:
    told = by_bank(api, session, "1.00", "2.00")
    one, two = references(api, told)
    content = (
        "Referencia;Resultado;Motivo;Fecha valor\n"
        f"{one};Pagado;;2026-07-20\n"
        f"{two};rechazada;cuenta cerrada;\n"
        "x;quizás;;\n"
    ).encode("cp1252")
    done = upload(api, order_of(api, told), content)
    assert done.status_code == 200, done.text
    assert (done.json()["paid"], done.json()["failed"]) == (1, 1)
    assert done.json()["refused"] == [{"line": 4, "reference": "x", "reason": "cannot be read: outcome"}]
    assert upload(api, order_of(api, told), content).json()["repeated"] == 2


@pytest.mark.parametrize(
    ("content", "name", "problem"),
    [
        (b"", "banco.csv", "empty-sheet"),
        (b"\x00\x01\x02\x03", "banco.csv", "not-a-sheet"),
        (b"PK\x03\x04nonsense", "banco.csv", "not-what-it-says"),
        (b"a,b\n1,2\n", "banco.csv", "headings-not-found"),
    ],
)
def test_a_file_that_is_none_is_refused(
    api: TestClient, session: Session, content: bytes, name: str, problem: str
) -> None:
    refused = upload(api, order_of(api, by_bank(api, session)), content, name)
    assert refused.status_code == 422
    assert refused.json()["type"] == problem


def test_only_who_pays_fetches_and_confirms(api: TestClient, session: Session) -> None:
    order = order_of(api, by_bank(api, session))
    assert get(api, f"/v1/bank-orders/{order['id']}/file", by=OFFICER).status_code == 403
    assert confirm(api, order, {"reference": "x", "outcome": "paid"}, by=OFFICER).status_code == 403
    head = tokens.staff("payouts:pay", roots=[factories.organisation(session)])
    assert confirm(api, order, {"reference": "x", "outcome": "paid"}, by=head).status_code == 403


def test_the_same_answer_twice_at_once_has_one_effect(racing: TestClient, committed: Session) -> None:
    told = by_bank(racing, committed, "1.00", "2.00")
    order, lines = order_of(racing, told), references(racing, told)
    body = [{"reference": reference, "outcome": "paid"} for reference in lines]
    answers = at_once(lambda: confirm(racing, order, *body), lambda: confirm(racing, order, *reversed(body)))
    assert sorted((a.json()["paid"], a.json()["repeated"]) for a in answers) == [(0, 2), (2, 0)]


def test_contrary_answers_at_once_have_one_effect(racing: TestClient, committed: Session) -> None:
    told = by_bank(racing, committed)
    order, [reference] = order_of(racing, told), references(racing, told)
    answers = at_once(
        *(
            lambda outcome=outcome: confirm(racing, order, {"reference": reference, "outcome": outcome})
            for outcome in ("paid", "failed")
        )
    )
    assert sorted(len(answer.json()["refused"]) for answer in answers) == [0, 1]
