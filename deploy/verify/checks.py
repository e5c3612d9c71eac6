"""What a check is, and the snapshots that checks read."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, LiteralString, TypeAlias

import psycopg
from psycopg.rows import TupleRow

PARTS = ("registry", "contributions", "benefits", "gateway")
"""In the order in which events flow, and in which snapshots are taken: what an earlier one shows, a later
one may have taken in."""
SHOWN_MAX = 20
PENDING_SECONDS = 30
"""What is younger may still be on its way from one part to another."""

Connection: TypeAlias = psycopg.Connection[TupleRow]


@dataclass(frozen=True)
class Finding:
    """What one check found: how much it looked at, what offends, what may still be on its way."""

    invariant: int
    title: str
    checked: int
    offending: Sequence[str] = field(default_factory=list)
    pending: int = 0
    note: str = ""

    @property
    def holds(self) -> bool:
        return not self.offending

    @property
    def shown(self) -> list[str]:
        """The offending rows as far as anybody reads them."""
        more = len(self.offending) - SHOWN_MAX
        return [*self.offending[:SHOWN_MAX], *([f"… and {more:,} more"] if more > 0 else [])]


class Snapshots:
    """One REPEATABLE READ, read-only transaction in each part's database."""

    def __init__(self, connections: Mapping[str, Connection], secret_key: str | None = None) -> None:
        self._connections = connections
        self.secret_key = secret_key
        # A transaction sees what was there at its first query: that is now, in all of them.
        self.taken_at: dict[str, datetime] = {
            part: self.value(part, "SELECT now()") for part in PARTS if part in connections
        }
        self.heads: dict[str, int] = {}
        """The last number that each part had given after all snapshots were taken."""

    def rows(self, part: str, query: LiteralString, given: Mapping[str, Any] | None = None) -> list[TupleRow]:
        return self._connections[part].execute(query, given).fetchall()

    def value(self, part: str, query: LiteralString, given: Mapping[str, Any] | None = None) -> Any:
        [[value]] = self.rows(part, query, given)
        return value

    def told(self, part: str, query: LiteralString) -> list[tuple[str, bool]]:
        """Each row of a query in words, and whether its last column, `is_pending`, says that it may wait."""
        cursor = self._connections[part].execute(query)
        names = [column.name for column in cursor.description or ()]
        is_marked = names[-1:] == ["is_pending"]
        shown = names[:-1] if is_marked else names
        return [
            (
                ", ".join(f"{name} {value}" for name, value in zip(shown, row, strict=False)),
                bool(is_marked and row[-1]),
            )
            for row in cursor
        ]

    def connection(self, part: str) -> Connection:
        return self._connections[part]


Check = Callable[[Snapshots], Finding]


@contextmanager
def snapshots(urls: Mapping[str, str], secret_key: str | None = None) -> Iterator[Snapshots]:
    """Take a snapshot of every part's database, as the role that its URL names."""
    with ExitStack() as stack:
        connections = {}
        for part, url in urls.items():
            connection = stack.enter_context(_connect(url))
            connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
            connection.read_only = True
            connections[part] = connection
        taken = Snapshots(connections, secret_key)
        for part, url in urls.items():
            with _connect(url) as later:
                [[taken.heads[part]]] = later.execute("SELECT number FROM outbox_head")
        yield taken


def _connect(url: str) -> Connection:
    # Seals go over rows as text, with moments as UTC.
    return psycopg.connect(url, options="-c timezone=UTC", application_name="amparo-verify")


def sql_check(
    invariant: int,
    part: str,
    title: str,
    *,
    counts: LiteralString,
    offends: LiteralString,
    notes: LiteralString | None = None,
) -> Check:
    """A check that is two queries in one database: how many things, and which rows offend.

    An offending row is told by its columns' names and values. A last column `is_pending` tells what may
    still become right by itself. `notes` is a query for words that stand beside the title.
    """

    def check(snapshots: Snapshots) -> Finding:
        found = snapshots.told(part, offends)
        return Finding(
            invariant,
            title,
            int(snapshots.value(part, counts) or 0),
            [told for told, is_pending in found if not is_pending],
            sum(is_pending for _, is_pending in found),
            str(snapshots.value(part, notes) or "") if notes else "",
        )

    return check
