"""Posting payments through HTTP at 16 clients, whole: authentication, key, audit and receipt included."""

import json

import psycopg

from services.kit.ids import new_id
from tests.bench import load, people
from tests.bench.charging import charge_all
from tests.bench.figures import Figures
from tests.bench.server import Server
from tests.bench.system import Running

MANY = 64


def measure(server: Server, running: Running, figures: Figures, *, members: int, payments: int) -> None:
    """Payments a second onto many accounts and onto one, beside pgbench on the same server."""
    people.write_members(running.contributions, members)
    charge_all(running.contributions, limit=members // 2)
    floor = server.pgbench_tps(seconds=10)
    many = _post(running, running.tokens("cashier", MANY), payments)
    one = _post(running, running.tokens("cashier", 1), payments)
    floor = (floor + server.pgbench_tps(seconds=10)) / 2
    figures.add("pgbench TPC-B, 8 clients", floor, "tps")
    figures.add("payments, 16 clients", many.per_second, "/s", floor=floor, goal=">= 0.30")
    figures.add("payments, p99", many.p99_ms, "ms", goal="<= 25")
    figures.add("payments onto one account", one.per_second, "/s", floor=many.per_second, goal=">= 0.9")


def _post(running: Running, tokens: list[str], count: int) -> load.Load:
    """Each payment of another member, some of whom owe; the work is checked in the books."""
    url = running.urls["contributions"]
    with psycopg.connect(running.contributions.owner_url) as connection:
        ids = [
            str(row[0])
            for row in connection.execute("SELECT id FROM members ORDER BY random() LIMIT %s", (count,))
        ]
        before = _books(connection)
    requests = [
        load.request(
            "POST",
            f"{url}/v1/payments",
            {"Authorization": f"Bearer {tokens[n % len(tokens)]}", "Idempotency-Key": str(new_id())},
            json.dumps({"member_id": member_id, "amount": {"amount": "3905.29", "currency": "DOP"}}).encode(),
        )
        for n, member_id in enumerate(ids)
    ]
    measured = load.run(url, requests)
    assert measured.statuses == {201: count}, measured.statuses
    with psycopg.connect(running.contributions.owner_url) as connection:
        after = _books(connection)
    assert (after[0] - before[0], after[1] - before[1]) == (count, count * 3_905_29), (before, after)
    return measured


def _books(connection: psycopg.Connection[tuple[int, ...]]) -> tuple[int, ...]:
    """Payments, and the minor units that came into tills by the ledger."""
    [row] = connection.execute(
        "SELECT (SELECT count(*) FROM payments), (SELECT coalesce(sum(amount_minor), 0)::bigint"
        " FROM ledger_entries WHERE starts_with(debit_account, 'cash:'))"
    ).fetchall()
    return row
