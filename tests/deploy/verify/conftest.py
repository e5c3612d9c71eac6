"""A mutual's month, lived once; each test breaks it by hand and takes the break back."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any, LiteralString

import psycopg
import pytest

from deploy.databases import Database
from deploy.verify import report
from deploy.verify.checks import Connection, Finding, Snapshots
from tests.deploy.verify.mutual import PARTS, SECRET_KEY, live_a_month

LET_CHANGE = """
    CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
    END $$
"""
"""What an owner can do, and the runtime role cannot: have the triggers refuse nothing."""


@pytest.fixture(scope="session")
def month(make_database: Callable[[str], Database]) -> Mapping[str, Database]:
    """The databases of all four parts after a month. Nobody commits to them."""
    made = {part: make_database(part) for part in PARTS}
    live_a_month(made)
    for one in made.values():
        with psycopg.connect(one.owner_url) as connection:  # by now every event should have arrived
            connection.execute("UPDATE outbox SET occurred_at = occurred_at - interval '1 hour'")
    return made


@dataclass
class Hand:
    """Somebody with the owners' passwords, whose transactions verify looks into before they end."""

    connections: Mapping[str, Connection]
    heads: Mapping[str, int]
    places: Mapping[str, int]

    def breaks(self, part: str, *statements: LiteralString) -> list[Any]:
        """Run statements as the part's owner, past the triggers; answers the last one's rows."""
        self.connections[part].execute(LET_CHANGE)
        for statement in statements:
            cursor = self.connections[part].execute(statement)
        return cursor.fetchall() if cursor.description else []

    def finds(self, title: str) -> Finding:
        """What the check of this title finds now."""
        return report.CHECKS[self.places[title]](snapshots_in(self.connections, self.heads))


def snapshots_in(connections: Mapping[str, Connection], heads: Mapping[str, int]) -> Snapshots:
    """What verify reads: here, these transactions, with what they have not committed."""
    taken = Snapshots(connections, SECRET_KEY)
    taken.heads.update(heads)
    return taken


@pytest.fixture(scope="session")
def connections(month: Mapping[str, Database]) -> Iterator[Mapping[str, Connection]]:
    with ExitStack() as stack:
        yield {
            part: stack.enter_context(psycopg.connect(one.owner_url, options="-c timezone=UTC"))
            for part, one in month.items()
        }


@pytest.fixture(scope="session")
def heads(connections: Mapping[str, Connection]) -> dict[str, int]:
    found: dict[str, int] = {}
    for part, connection in connections.items():
        [[found[part]]] = connection.execute("SELECT number FROM outbox_head").fetchall()
        connection.rollback()
    return found


@pytest.fixture(scope="session")
def places(connections: Mapping[str, Connection], heads: dict[str, int]) -> dict[str, int]:
    """Where in `report.CHECKS` each check stands, by its title."""
    taken = snapshots_in(connections, heads)
    found = {check(taken).title: place for place, check in enumerate(report.CHECKS)}
    for connection in connections.values():
        connection.rollback()
    return found


@pytest.fixture
def hand(
    connections: Mapping[str, Connection], heads: dict[str, int], places: dict[str, int]
) -> Iterator[Hand]:
    """Everything that it breaks is whole again after the test."""
    yield Hand(connections, heads, places)
    for connection in connections.values():
        connection.rollback()
