"""Through the gateway instead of directly: the same answers, the same 16 clients, one after the other."""

import psycopg

from tests.bench import load
from tests.bench.figures import Figures
from tests.bench.system import Running


def measure(running: Running, figures: Figures, *, count: int) -> None:
    """Reads of single payments, which every answer carries in full."""
    [token] = running.tokens("accountant", 1)
    with psycopg.connect(running.contributions.owner_url) as connection:
        found = connection.execute("SELECT id FROM payments LIMIT %s", (count,)).fetchall()
    ids = [str(row[0]) for row in found]
    direct = _read(running.urls["contributions"], "/v1/payments", ids, token, count)
    through = _read(running.urls["gateway"], "/api/contributions/v1/payments", ids, token, count)
    figures.add("reads through the gateway", through.per_second, "/s", floor=direct.per_second, goal=">= 0.4")
    alone = [
        _read(url, path, ids[:500], token, 500, clients=1).p50_ms
        for url, path in (
            (running.urls["contributions"], "/v1/payments"),
            (running.urls["gateway"], "/api/contributions/v1/payments"),
        )
    ]
    figures.add("added by the gateway, p50, one client", alone[1] - alone[0], "ms", goal="<= 0.4")


def _read(
    url: str, path: str, ids: list[str], token: str, count: int, *, clients: int = load.CLIENTS
) -> load.Load:
    headers = {"Authorization": f"Bearer {token}"}
    requests = [load.request("GET", f"{url}{path}/{ids[n % len(ids)]}", headers) for n in range(count)]
    measured = load.run(url, requests, clients=clients)
    assert measured.statuses == {200: count}, measured.statuses
    return measured
