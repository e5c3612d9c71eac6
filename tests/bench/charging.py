"""Charging 10 k, 100 k and 1 M members, beside the raw insert of the same rows."""

import resource
import time
from uuid import UUID

import psycopg
from pydantic import SecretStr
from sqlmodel import Session

from deploy.databases import Database
from services.contributions.charges import service
from services.kit.db import make_engine
from services.kit.periods import Period
from services.kit.principals import Principal
from tests.bench import payroll, people
from tests.bench.figures import Figures
from tests.bench.server import Server

_OFFICER = Principal(UUID(int=1), "staff", frozenset({"charges:run"}))


def charge_all(database: Database, *, limit: int | None = None) -> float:
    """Charge July, as the job does, for everybody or about `limit`; returns the seconds it took."""
    engine = make_engine(SecretStr(database.url))
    with Session(engine) as session, session.begin():
        run_id = service.charge_period(session, Period.parse(people.PERIOD), by=_OFFICER).id
    started = time.perf_counter()
    more, chunks = True, 0
    while more and (limit is None or chunks * service.CHUNK < limit):
        with Session(engine) as session, session.begin():
            more = service.charge_chunk(session, run_id)
        chunks += 1
    seconds = time.perf_counter() - started
    engine.dispose()
    return seconds


def measure(server: Server, figures: Figures, *, sizes: list[int]) -> None:
    """Time charging at each size, against the raw insert; of the largest, go on to its payroll."""
    per_member: dict[int, float] = {}
    for size in sizes:
        database = server.contributions(f"bench_charging_{size}")
        people.write_members(database, size)
        seconds = charge_all(database)
        _ensure_done(database, size)
        raw = server.seconds_of(database.name, "charging")
        per_member[size] = seconds / size * 1e6
        goal = "<= 3.0" if size == sizes[-1] else None
        figures.add(f"charge {size:,} members", seconds, "s", floor=raw, goal=goal)
        if size == sizes[-1]:
            payroll.measure(server, database, figures)
        with server.admin() as connection:
            connection.execute(f'DROP DATABASE "{database.name}" WITH (FORCE)')
    if len(sizes) > 1:
        figures.add(
            f"per member at {sizes[-1]:,} against {sizes[-2]:,}",
            per_member[sizes[-1]],
            "µs",
            floor=per_member[sizes[-2]],
            goal="<= 1.2",
        )
    figures.add(
        "memory of a charging, at most", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, "MB"
    )


def _ensure_done(database: Database, size: int) -> None:
    """Everybody was charged once, and the books say the same as the charges."""
    with psycopg.connect(database.owner_url) as connection:
        [(charged, total, booked, due)] = connection.execute(
            "SELECT count(*), sum(total_minor), (SELECT sum(amount_minor) FROM ledger_entries),"
            " (SELECT sum(total_minor) FROM dues) FROM charges"
        ).fetchall()
    assert (charged, total, total) == (size, booked, due), (charged, total, booked, due)
