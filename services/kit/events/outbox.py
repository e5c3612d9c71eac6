"""The record of what a part announces: rows written by the transaction that made them true.

The relay numbers them without gaps and publishes them; consumers ask here for what the broker lost.
Rows are kept 30 days. `record` needs a session; the paths that must be fast write through a cursor.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from psycopg import Cursor
from sqlalchemy import text
from sqlalchemy.orm import Session

from services.kit import context
from services.kit.db import raw
from services.kit.events.event import Event
from services.kit.ids import new_id

KEPT_DAYS = 30
_FORGOTTEN_AT_ONCE = 10_000

INSERT = "INSERT INTO outbox (id, name, request_id, data) VALUES (%s, %s, %s, %s::json)"
COPY = "COPY outbox (id, name, request_id, data) FROM STDIN"


class OutboxRow(NamedTuple):
    """What `INSERT` and `COPY` take, in their order."""

    id: UUID
    name: str
    request_id: str | None
    data: str


def row(event: Event) -> OutboxRow:
    """An event as a row, with a new id and the request's: for a statement of one's own."""
    return OutboxRow(new_id(), event.name, context.request_id.get(), event.data())


def record(session: Session, event: Event) -> UUID:
    """Announce `event` if the caller's transaction commits; a second call announces it again.

    Returns the event's id. Raises ValueError when the event is too large for a message.
    """
    written = row(event)
    raw(session).execute(INSERT, written)
    return written.id


def record_all(target: Session | Cursor[Any], events: Sequence[Event]) -> None:
    """Announce many events in their order, by one statement; fit for a pipeline."""
    if not events:
        return
    rows = [row(event) for event in events]
    run = target if isinstance(target, Cursor) else raw(target)
    run.execute(
        "INSERT INTO outbox (id, name, request_id, data)"
        " SELECT id, name, %s, data FROM unnest(%s::uuid[], %s::text[], %s::json[])"
        " WITH ORDINALITY AS given (id, name, data, nth) ORDER BY nth",
        [
            rows[0].request_id,
            [written.id for written in rows],
            [written.name for written in rows],
            [written.data for written in rows],
        ],
    )


def copy_all(cursor: Cursor[Any], events: Sequence[Event]) -> None:
    """Announce many events by `COPY`, the fastest way for thousands; not inside a pipeline."""
    with cursor.copy(COPY) as copy:
        for event in events:
            copy.write_row(row(event))


class Numbered(NamedTuple):
    """A row of the outbox that has its number: what is published and what consumers ask for."""

    number: int
    id: UUID
    name: str
    occurred_at: datetime
    request_id: str | None
    data: str


# Rows up to a count, and up to a sum of bytes (but at least one row): memory stays bounded.
PAGE = """
SELECT number, id, name, occurred_at, request_id, data FROM (
    SELECT *, sum(octet_length(data)) OVER (ORDER BY number) - octet_length(data) AS bytes_before FROM (
        SELECT number, id, name, occurred_at, request_id, data::text FROM outbox
        WHERE number > %s ORDER BY number LIMIT %s
    ) page
) sized WHERE bytes_before < %s ORDER BY number
"""
PAGE_BYTES = 4_000_000


def numbered_after(session: Session, number: int, *, limit: int) -> list[Numbered]:
    """The events that follow a number, in order: at most `limit`, and about 4 MB."""
    return [Numbered(*found) for found in raw(session).execute(PAGE, [number, limit, PAGE_BYTES])]


def reach(session: Session) -> tuple[int, int]:
    """The first number that is still kept and the last that was given; first = last + 1 if none is."""
    found = session.execute(
        text("SELECT (SELECT min(number) FROM outbox WHERE number IS NOT NULL), number FROM outbox_head")
    ).one()
    return (found[1] + 1 if found[0] is None else found[0]), found[1]


def forget(session: Session, *, before: datetime) -> int:
    """Remove published events older than `before`, some thousands at a time; returns how many."""
    removed = session.execute(
        text(
            "DELETE FROM outbox WHERE position IN (SELECT position FROM ("
            "  SELECT position, number, occurred_at FROM outbox WHERE number IS NOT NULL"
            "  ORDER BY number LIMIT :limit) oldest"
            " WHERE occurred_at < :before AND number <= (SELECT published FROM outbox_head))"
        ),
        {"before": before, "limit": _FORGOTTEN_AT_ONCE},
    )
    return int(removed.rowcount)  # type: ignore[attr-defined]  # the stubs call it a Result
