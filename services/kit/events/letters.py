"""Messages that failed alone: tried again with growing waits, and after the tenth time kept as dead.

A letter holds the whole message, so that neither the stream nor the producer needs to keep it. It is
removed when its event takes effect. Its body is personal data: lists show it masked.
"""

from datetime import timedelta
from typing import Any, NamedTuple
from uuid import UUID

from pydantic_core import from_json
from sqlalchemy import Row, func, select, text, update
from sqlalchemy.orm import Session

from services.kit.events import faults
from services.kit.events.tables import dead_letters

TRIES_MAX = 10
WAIT_SECONDS_MAX = 600
LEASE = timedelta(minutes=2)
"""How long one process has a due letter to itself."""


class Letter(NamedTuple):
    """A message to be tried again."""

    producer: str
    name: str
    envelope: bytes


_KEEP = text(
    """
    INSERT INTO dead_letters AS letter
        (id, producer, number, name, envelope, state, tries, error, error_detail, next_try_at)
    VALUES (:id, :producer, :number, :name, :envelope, 'waiting', 1, :error, :detail,
            now() + :first_wait * interval '1 second')
    ON CONFLICT (id) DO UPDATE SET
        tries = letter.tries + 1, error = excluded.error, error_detail = excluded.error_detail,
        last_failed_at = now(),
        state = CASE WHEN letter.tries + 1 >= :tries_max THEN 'dead' ELSE 'waiting' END,
        next_try_at = CASE WHEN letter.tries + 1 < :tries_max THEN now() + interval '1 second'
            * least(power(2, letter.tries), :wait_max) * (0.75 + random() / 2) END
    RETURNING tries, state
    """
)


def keep(
    session: Session,
    *,
    id: UUID,
    producer: str,
    number: int | None,
    name: str,
    envelope: bytes,
    error: BaseException,
) -> str:
    """Keep a message that failed, or note that it failed again; says `waiting` or `dead`."""
    kept = session.execute(
        _KEEP,
        {
            "id": id,
            "producer": producer,
            "number": number,
            "name": name,
            "envelope": envelope,
            "error": faults.told(error),
            "detail": faults.detail(error),
            "first_wait": 1,
            "tries_max": TRIES_MAX,
            "wait_max": WAIT_SECONDS_MAX,
        },
    ).one()
    return str(kept.state)


def lease_due(session: Session, *, limit: int) -> list[Letter]:
    """The letters whose time has come; another process will not get them for two minutes."""
    due = (
        select(dead_letters.c.id)
        .where(dead_letters.c.state == "waiting", dead_letters.c.next_try_at <= func.now())
        .order_by(dead_letters.c.next_try_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    leased = session.execute(
        update(dead_letters)
        .where(dead_letters.c.id.in_(due))
        .values(next_try_at=func.now() + LEASE)
        .returning(dead_letters.c.producer, dead_letters.c.name, dead_letters.c.envelope)
    )
    return [Letter(producer, name, bytes(envelope)) for producer, name, envelope in leased]


def remove(session: Session, ids: list[UUID]) -> None:
    """Remove the letters whose events have taken effect."""
    session.execute(text("DELETE FROM dead_letters WHERE id = ANY(:ids)"), {"ids": ids})


def listed(session: Session, *, state: str, after: UUID | None, limit: int) -> list[Row[Any]]:
    """Letters in this state in the order of their events."""
    query = select(dead_letters).where(dead_letters.c.state == state)
    if after is not None:
        query = query.where(dead_letters.c.id > after)
    return list(session.execute(query.order_by(dead_letters.c.id).limit(limit)))


def try_again(session: Session, id: UUID) -> bool:
    """Give a dead letter ten new tries, the first at once; False if there is no such dead letter."""
    found = session.execute(
        update(dead_letters)
        .where(dead_letters.c.id == id, dead_letters.c.state == "dead")
        .values(state="waiting", tries=0, next_try_at=func.now())
        .returning(dead_letters.c.id)
    )
    return found.one_or_none() is not None


def counts(session: Session) -> dict[str, int]:
    """How many letters wait, and how many are dead."""
    counted = session.execute(select(dead_letters.c.state, func.count()).group_by(dead_letters.c.state))
    return {"waiting": 0, "dead": 0} | {row.state: row[1] for row in counted}


def masked(envelope: bytes) -> Any:
    """The shape of a message's data with ids only: every other value is covered."""
    try:
        return _mask(from_json(envelope).get("data"))
    except (ValueError, AttributeError):
        return None


def _mask(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _mask(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_mask(inner) for inner in value]
    if value is None or isinstance(value, bool) or _is_uuid(value):
        return value
    return "•••"


def _is_uuid(value: Any) -> bool:
    try:
        return len(value) == 36 and bool(UUID(value))
    except (TypeError, ValueError, AttributeError):
        return False
