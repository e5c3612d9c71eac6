"""SQL of how far an import is. Whoever works on one moves it on from the line that they know of."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from psycopg import Connection
from psycopg.rows import class_row
from psycopg.types.json import Jsonb
from sqlmodel import Session

from services.kit.db import raw


class Superseded(Exception):
    """Another worker has moved this import on: this one has lost it, and what it did is rolled back."""


@dataclass(frozen=True, slots=True)
class Job:
    """An import as its worker finds it."""

    id: UUID
    organisation_id: UUID | None
    roots: list[UUID] | None
    mode: str
    state: str
    filename: str
    last_line: int
    rows_bad: int
    requested_by: UUID


@dataclass(slots=True)
class Counts:
    """What one chunk came to."""

    rows_read: int = 0
    rows_bad: int = 0
    members_written: int = 0
    dependants_written: int = 0


@contextmanager
def alone(connection: Connection[Any], import_id: UUID) -> Iterator[bool]:
    """Whether nobody else works on this import; until the end of the block nobody else will."""
    with connection.transaction():
        row = connection.execute(
            "SELECT pg_try_advisory_lock(hashtextextended(%s, 0))", [f"import {import_id}"]
        ).fetchone()
    is_alone = row == (True,)
    try:
        yield is_alone
    finally:
        if is_alone and not connection.closed:
            connection.rollback()
            with connection.transaction():
                connection.execute(
                    "SELECT pg_advisory_unlock(hashtextextended(%s, 0))", [f"import {import_id}"]
                )


def load(connection: Connection[Any], import_id: UUID) -> Job:
    """The import as it stands."""
    with connection.cursor(row_factory=class_row(Job)) as cursor:
        found = cursor.execute(
            "SELECT id, organisation_id, roots, mode, state, filename, last_line, rows_bad, requested_by"
            " FROM imports WHERE id = %s",
            [import_id],
        ).fetchone()
    assert found is not None
    return found


def stalled(session: Session) -> list[UUID]:
    """Imports that are not at their end, and that nobody has moved on for ten minutes."""
    found = raw(session).execute(
        "SELECT id FROM imports WHERE state IN ('waiting', 'checking', 'writing')"
        " AND touched_at < now() - interval '10 minutes' ORDER BY id"
    )
    return [row[0] for row in found]


def forget_errors(session: Session) -> int:
    """Remove the errors of imports that ended three months ago; returns how many."""
    gone = raw(session).execute(
        "DELETE FROM import_errors WHERE import_id IN"
        " (SELECT id FROM imports WHERE finished_at < now() - interval '90 days')"
    )
    return gone.rowcount


def begin(connection: Connection[Any], import_id: UUID, state: str, rows_expected: int | None) -> None:
    """Begin a reading of the file from its first line, forgetting what an earlier one found."""
    for table in ("import_errors", "imported_keys", "waiting_dependants"):
        connection.execute(f"DELETE FROM {table} WHERE import_id = %s", [import_id])
    connection.execute(
        "UPDATE imports SET state = %(state)s, rows_expected = coalesce(rows_expected, %(rows)s),"
        " rows_read = 0, rows_bad = 0, last_line = 0, touched_at = now() WHERE id = %(id)s",
        {"id": import_id, "state": state, "rows": rows_expected},
    )


def advance(
    connection: Connection[Any], import_id: UUID, counts: Counts, *, from_line: int, to_line: int
) -> None:
    """Add what a chunk came to, in the transaction that wrote it. Raises Superseded."""
    moved = connection.execute(
        "UPDATE imports SET rows_read = rows_read + %(rows_read)s, rows_bad = rows_bad + %(rows_bad)s,"
        " members_written = members_written + %(members_written)s,"
        " dependants_written = dependants_written + %(dependants_written)s,"
        " last_line = %(to_line)s, touched_at = now()"
        " WHERE id = %(id)s AND last_line = %(from_line)s AND state IN ('checking', 'writing')",
        {
            "id": import_id,
            "rows_read": counts.rows_read,
            "rows_bad": counts.rows_bad,
            "members_written": counts.members_written,
            "dependants_written": counts.dependants_written,
            "from_line": from_line,
            "to_line": to_line,
        },
    )
    if moved.rowcount != 1:
        raise Superseded


def finish(connection: Connection[Any], import_id: UUID, problem: dict[str, Any] | None = None) -> None:
    """End an import as done, or as failed with the problem that the file had; the file is forgotten."""
    connection.execute(
        "UPDATE imports SET state = %s, problem = %s, finished_at = now(), touched_at = now() WHERE id = %s",
        ["failed" if problem else "done", Jsonb(problem) if problem else None, import_id],
    )
    for table in ("import_pieces", "imported_keys", "waiting_dependants"):
        connection.execute(f"DELETE FROM {table} WHERE import_id = %s", [import_id])
