"""The payroll file of a million members, validated, beside a `COPY` of the same bytes."""

import time
from datetime import date
from uuid import UUID

import psycopg
from pydantic import SecretStr
from sqlmodel import Session

from deploy.databases import Database
from services.contributions.declarations import drawing, queries, service
from services.contributions.declarations.files import file_pieces
from services.contributions.declarations.filing_checks import Answer
from services.contributions.declarations.rules import Checked
from services.kit.db import make_engine
from services.kit.periods import Period
from services.kit.principals import Principal
from tests.bench import people
from tests.bench.figures import Figures
from tests.bench.server import Server

_OFFICER = Principal(UUID(int=1), "staff", frozenset({"declarations:draw"}))
_GOOD = Checked(state="active", has_mandate=True, identity_verified=True)
LEFT_OUT = 10
"""A file of this layout holds 999,997 details: of a million, so many have not paid."""


def measure(server: Server, database: Database, figures: Figures) -> None:
    """Draw up a payroll from everybody who was charged, then write its file, each time from the start."""
    _settle(database)
    engine = make_engine(SecretStr(database.url))

    def open_session() -> Session:
        return Session(engine, expire_on_commit=False)

    with open_session() as session, session.begin():
        period = Period.parse(people.PERIOD)
        made = service.draw_declaration(session, period, without_statements=True, by=_OFFICER)
    started = time.perf_counter()
    while drawing.draw_chunk(open_session, made.id, _ask):
        pass
    drawn_in = time.perf_counter() - started
    with open_session() as session:
        declaration = queries.declaration(session, made.id)
        started = time.perf_counter()
        size = sum(map(len, file_pieces(session, declaration)))
        seconds = time.perf_counter() - started
    assert size == 20 + 2 + declaration.lines * 368 + 7 + 2, (size, declaration.lines)
    floor = _copy_out(server, database)
    figures.add(f"draw a payroll of {declaration.lines:,}", drawn_in, "s")
    figures.add(f"payroll file of {declaration.lines:,}", seconds, "s", floor=floor, goal="<= 2.5")
    engine.dispose()


def _ask(member_ids: list[UUID], on: date, scheme: str) -> Answer:
    """What the registry answers of members who are all in order."""
    return Answer(True, dict.fromkeys(member_ids, _GOOD))


def _settle(database: Database) -> None:
    with psycopg.connect(database.owner_url, autocommit=True) as connection:
        connection.execute(
            "UPDATE dues SET settled_minor = total_minor, settled_on = due_on - 10"
            " WHERE member_id NOT IN (SELECT id FROM members ORDER BY id LIMIT %s)",
            (LEFT_OUT,),
        )
        connection.execute("VACUUM ANALYZE dues")


def _copy_out(server: Server, database: Database) -> float:
    """Seconds to `COPY` the same lines out of a table that holds them ready."""
    with server.admin(database.name) as connection:
        connection.execute(
            "CREATE TABLE ready AS SELECT line_number, stem || repeat('0', 181) AS line"
            " FROM declaration_lines"
        )
        connection.execute("CREATE INDEX ON ready (line_number)")
        connection.execute("VACUUM ANALYZE ready")
        started, size = time.perf_counter(), 0
        with connection.cursor().copy("COPY (SELECT line FROM ready ORDER BY line_number) TO STDOUT") as copy:
            for block in copy:
                size += len(block)
        assert size
        return time.perf_counter() - started
