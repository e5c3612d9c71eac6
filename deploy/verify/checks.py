"""What a check is, and the snapshots that checks read."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any, LiteralString

import psycopg
from psycopg.rows import TupleRow

SHOWN_MAX = 20
PENDING_SECONDS = 30
"""What is younger may still be on its way from one part to another."""


@dataclass(frozen=True)
class Finding:
    """What one check found: how much it looked at, and what offends."""

    invariant: int
    title: str
    checked: int
    offending: list[str] = field(default_factory=list)
    pending: int = 0

    @property
    def holds(self) -> bool:
        return not self.offending


class Snapshots:
    """One REPEATABLE READ, read-only transaction in each part's database."""

    def __init__(self, connections: Mapping[str, psycopg.Connection[TupleRow]]) -> None:
        self._connections = connections

    def rows(self, part: str, query: LiteralString, *given: Any) -> list[TupleRow]:
        return self._connections[part].execute(query, given).fetchall()

    def value(self, part: str, query: LiteralString, *given: Any) -> Any:
        [[value]] = self.rows(part, query, *given)
        return value

    def connection(self, part: str) -> psycopg.Connection[TupleRow]:
        return self._connections[part]


Check = Callable[[Snapshots], Finding]


@contextmanager
def snapshots(urls: Mapping[str, str]) -> Iterator[Snapshots]:
    """Open a snapshot of every part's database, as the role that its URL names."""
    with ExitStack() as stack:
        connections = {}
        for part, url in urls.items():
            connection = stack.enter_context(psycopg.connect(url, autocommit=False))
            connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
            connection.read_only = True
            connections[part] = connection
        yield Snapshots(connections)


def sql_check(
    invariant: int, part: str, title: str, *, counts: LiteralString, offends: LiteralString
) -> Check:
    """A check that is two queries in one database: how many things, and which rows offend.

    Each offending row is shown as PostgreSQL prints its columns.
    """

    def check(snapshots: Snapshots) -> Finding:
        found = snapshots.rows(part, offends)
        shown = [", ".join(str(value) for value in row) for row in found[:SHOWN_MAX]]
        if len(found) > SHOWN_MAX:
            shown.append(f"… and {len(found) - SHOWN_MAX} more")
        return Finding(invariant, title, int(snapshots.value(part, counts) or 0), shown)

    return check
