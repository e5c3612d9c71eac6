"""contributions is killed while payments come in: what was acknowledged is there once, and all else is found.

The acknowledgements are kept here, outside: they are what people hold in their hands.
"""

import itertools
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import httpx

from tests.journeys import killing
from tests.journeys.mutual import Mutual, money

CLERKS = 6
CRASHES = 3
BETWEEN = 60
"""So many payments are acknowledged from one crash to the next."""
KILLED = ("contributions-api", "contributions-worker")


@dataclass
class Queue:
    """Payments sent by several clerks at once, each under a key of its own."""

    mutual: Mutual
    member_ids: list[str]
    acknowledged: dict[str, dict[str, Any]] = field(default_factory=dict)
    unanswered: list[str] = field(default_factory=list)
    refusals: Counter[int] = field(default_factory=Counter)
    is_over: threading.Event = field(default_factory=threading.Event)
    numbers: Any = field(default_factory=lambda: itertools.count(1))

    def body(self, key: str) -> dict[str, Any]:
        """What is paid under a key: it follows from the key alone."""
        number = int(key.partition("-")[2])
        return {
            "member_id": self.member_ids[number % len(self.member_ids)],
            "amount": money(100_00 + number),
        }

    def work(self, http: httpx.Client) -> None:
        """One clerk: take payments until it is over; while the service is away, wait."""
        while not self.is_over.is_set():
            key = f"crash-{next(self.numbers)}"
            if not self.send(http, key):
                self.unanswered.append(key)
                self.mutual.wait(self.is_served, "contributions answers", seconds=60)

    def is_served(self) -> bool:
        return killing.answers(self.mutual.system.state["urls"]["contributions"])

    def send(self, http: httpx.Client, key: str) -> bool:
        """Send one payment; whether it was acknowledged. Nothing but a receipt is an acknowledgement."""
        headers = {"Idempotency-Key": key}
        try:
            answer = http.post("/api/contributions/v1/payments", json=self.body(key), headers=headers)
        except httpx.HTTPError:
            return False
        if answer.status_code == 201:
            self.acknowledged[key] = answer.json()
            return True
        assert answer.headers["Content-Type"] == "application/problem+json", answer.text
        self.refusals[answer.status_code] += 1
        return False


def test_what_was_acknowledged_is_there_once_after_crashes(mutual: Mutual) -> None:
    queue = Queue(mutual, [member["id"] for member in mutual.charged(3)])
    with mutual.http(mutual.token("till")) as http, ThreadPoolExecutor(CLERKS) as clerks:
        working = [clerks.submit(queue.work, http) for _ in range(CLERKS)]
        try:
            for crash in range(1, CRASHES + 1):
                goal = len(queue.acknowledged) + BETWEEN
                mutual.wait(lambda: len(queue.acknowledged) >= goal, "payments come in", seconds=60)  # noqa: B023
                killed = killing.pids(mutual.system, *KILLED)
                killing.kill(killed)
                killing.wait_until_back(mutual.system, KILLED, killed)
                assert len(queue.unanswered) >= crash, "nobody noticed"
        finally:
            queue.is_over.set()
        for one in working:
            one.result()
        before = dict(queue.acknowledged)
        # Whoever got no answer asks again under the same key; whoever got one may, too.
        assert all(clerks.map(lambda key: queue.send(http, key), queue.unanswered))
        assert all(clerks.map(lambda key: queue.send(http, key), before))
    assert {key: queue.acknowledged[key]["id"] for key in before} == {
        key: payment["id"] for key, payment in before.items()
    }
    assert queue.refusals.keys() <= {502, 503}
    in_the_books(mutual, queue)
    mutual.verify()
    each_was_told(mutual, queue)


def in_the_books(mutual: Mutual, queue: Queue) -> None:
    """Every payment that was acknowledged is there as it was acknowledged, and there is no other."""
    promised = {
        (UUID(paid["id"]), UUID(paid["member_id"]), paid["receipt"]["number"], paid["amount"]["amount"])
        for paid in queue.acknowledged.values()
    }
    assert len(promised) == len(queue.acknowledged)
    with mutual.books("contributions") as books:
        rows = books.execute(
            "SELECT id, member_id, receipt_number, amount_minor FROM payments WHERE member_id = ANY(%s)",
            (queue.member_ids,),
        ).fetchall()
        [(booked,)] = books.execute(
            "SELECT sum(amount_minor) FROM ledger_entries WHERE member_id = ANY(%s)"
            " AND starts_with(debit_account, 'cash:')",
            (queue.member_ids,),
        ).fetchall()
    assert [
        (*row[:3], money(row[3])["amount"]) for row in rows if row[0] not in {p[0] for p in promised}
    ] == []
    assert {(*row[:3], money(row[3])["amount"]) for row in rows} == promised
    assert len(rows) == len(promised)
    assert booked == sum(row[3] for row in rows)


def each_was_told(mutual: Mutual, queue: Queue) -> None:
    """Each payment's event took effect once: one receipt by SMS for each."""
    with mutual.books("gateway") as books:
        told = books.execute(
            "SELECT subject_id, count(*) FROM messages WHERE template IN ('receipt', 'receipt_owing')"
            " AND member_id = ANY(%s) GROUP BY subject_id",
            (queue.member_ids,),
        ).fetchall()
    assert dict(told) == {UUID(paid["id"]): 1 for paid in queue.acknowledged.values()}
