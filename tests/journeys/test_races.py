"""Two payments for one member at the same moment: each peso settles one charge, once."""

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import pytest

from tests.bench import load
from tests.journeys.mutual import MONTHLY_MINOR, Mutual, minor, money

AT_ONCE = 16
FLOOD, FLOOD_AT_ONCE = 400, 32


@pytest.fixture(scope="module")
def tills(mutual: Mutual) -> list[str]:
    return [mutual.token("till"), mutual.token("till 2")]


def pay(mutual: Mutual, tills: list[str], payments: list[tuple[str, int, str]]) -> list[Any]:
    """Send (member, amount, key), all at once and from both tills; the answers."""
    with mutual.http() as http, ThreadPoolExecutor(AT_ONCE) as clerks:

        def send(numbered: tuple[int, tuple[str, int, str]]) -> Any:
            number, (member_id, amount_minor, key) = numbered
            headers = {"Authorization": f"Bearer {tills[number % len(tills)]}", "Idempotency-Key": key}
            body = {"member_id": member_id, "amount": money(amount_minor)}
            answer = http.post("/api/contributions/v1/payments", json=body, headers=headers)
            assert answer.status_code == 201, answer.text
            return answer.json()

        return list(clerks.map(send, enumerate(payments)))


def booked(mutual: Mutual, member_id: str) -> dict[str, int]:
    """What the books of contributions say of a member, each figure from rows of its own."""
    with mutual.books("contributions") as books:
        [row] = books.execute(
            "SELECT (SELECT sum(total_minor) FROM dues WHERE member_id = %(m)s),"
            " (SELECT sum(settled_minor) FROM dues WHERE member_id = %(m)s),"
            " (SELECT sum(amount_minor) FROM allocations WHERE member_id = %(m)s),"
            " (SELECT sum(amount_minor) FROM ledger_entries WHERE member_id = %(m)s"
            "  AND starts_with(credit_account, 'receivable:')),"
            " (SELECT sum(amount_minor) FROM payments WHERE member_id = %(m)s),"
            " (SELECT credit_minor FROM member_accounts WHERE member_id = %(m)s)",
            {"m": member_id},
        ).fetchall()
    names = ("due", "settled", "allocated", "off the receivable", "paid", "credit")
    return dict(zip(names, map(int, row), strict=True))


def as_booked(paid_minor: int) -> dict[str, int]:
    """What the books should say of somebody who was charged once and paid more than that."""
    once = dict.fromkeys(("due", "settled", "allocated", "off the receivable"), MONTHLY_MINOR)
    return once | {"paid": paid_minor, "credit": paid_minor - MONTHLY_MINOR}


def test_many_payments_at_one_moment_settle_a_charge_once(mutual: Mutual, tills: list[str]) -> None:
    [member] = mutual.charged(1)
    paid = pay(mutual, tills, [(member["id"], MONTHLY_MINOR, str(uuid4())) for _ in range(AT_ONCE)])
    assert booked(mutual, member["id"]) == as_booked(AT_ONCE * MONTHLY_MINOR)
    # One of them was told that it settled the charge, all others that their money is credit.
    assert sorted(minor(one["credit"]) for one in paid) == [0] + [MONTHLY_MINOR] * (AT_ONCE - 1)
    assert len({one["receipt"]["number"] for one in paid}) == AT_ONCE


def test_a_flood_of_small_payments_settles_a_charge_once(mutual: Mutual, tills: list[str]) -> None:
    """Sent as fast as a machine can, so that several are always being posted while others arrive."""
    [member] = mutual.charged(1)
    share = MONTHLY_MINOR // (FLOOD // 2)
    body = json.dumps({"member_id": member["id"], "amount": money(share)}).encode()
    requests = [
        load.request(
            "POST",
            f"{mutual.system.url}/api/contributions/v1/payments",
            {"Authorization": f"Bearer {tills[number % 2]}", "Idempotency-Key": str(uuid4())},
            body,
        )
        for number in range(FLOOD)
    ]
    sent = load.run(mutual.system.url, requests, clients=FLOOD_AT_ONCE)
    assert sent.statuses == {201: FLOOD}
    assert booked(mutual, member["id"]) == as_booked(FLOOD * share)


def test_parts_of_what_is_due_at_one_moment_add_up(mutual: Mutual, tills: list[str]) -> None:
    members = mutual.charged(2)
    share = MONTHLY_MINOR // 5
    queue = [(member["id"], share, str(uuid4())) for _ in range(8) for member in members]
    pay(mutual, tills, queue)
    for member in members:
        assert booked(mutual, member["id"]) == as_booked(8 * share)


def test_one_key_at_one_moment_is_one_payment(mutual: Mutual, tills: list[str]) -> None:
    [member] = mutual.charged(1)
    key = str(uuid4())
    paid = pay(mutual, tills[:1], [(member["id"], MONTHLY_MINOR, key)] * AT_ONCE)
    assert len({(one["id"], one["receipt"]["number"]) for one in paid}) == 1
    assert booked(mutual, member["id"])["paid"] == MONTHLY_MINOR


def test_money_that_comes_while_the_month_is_charged_settles_it_once(
    mutual: Mutual, tills: list[str]
) -> None:
    members = [mutual.enrol() for _ in range(4)]
    ids = [member["id"] for member in members]
    mutual.wait(lambda: len(mutual.accounts(ids)) == len(ids), "contributions knows them")
    with ThreadPoolExecutor(1) as office:
        charging = office.submit(mutual.charge, ids)
        pay(mutual, tills, [(one, MONTHLY_MINOR, str(uuid4())) for _ in range(6) for one in ids])
        charging.result()
    for one in ids:
        assert booked(mutual, one) == as_booked(6 * MONTHLY_MINOR)
    mutual.verify()
