"""What the SMS gateway reports of messages: taken, delivered, not delivered.

Reports come late, twice, in any order, and of messages that are not ours: a message only ever moves
forward through `models.STATES`, and one that was never sent does not move.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from sqlmodel import Session

from gateway.messages.models import STATES
from services.kit.db import raw

Reached = Literal["sent", "delivered", "failed"]


@dataclass(frozen=True, slots=True)
class Receipt:
    """How far one message has come, and when, as the SMS gateway says."""

    message_id: UUID
    state: Reached
    at: datetime
    detail: str | None = None


def take_receipts(session: Session, receipts: Sequence[Receipt]) -> int:
    """Move messages forward; returns how many moved. Again, none does."""
    furthest: dict[UUID, Receipt] = {}
    for one in receipts:
        known = furthest.get(one.message_id)
        if known is None or STATES.index(one.state) > STATES.index(known.state):
            furthest[one.message_id] = one
    columns = {
        "order": list(STATES),
        "ids": list(furthest),
        "states": [one.state for one in furthest.values()],
        "ats": [one.at for one in furthest.values()],
        "details": [one.detail for one in furthest.values()],
    }
    connection = raw(session)
    # Attempts that end lock the same rows: in one order for all.
    connection.execute("SELECT FROM messages WHERE id = ANY(%(ids)s) ORDER BY id FOR NO KEY UPDATE", columns)
    return connection.execute(_MOVE, columns).rowcount


_MOVE = """
UPDATE messages SET state = given.state, is_calling = false, code_sealed = NULL,
    sent_at = coalesce(sent_at, given.at),
    settled_at = CASE WHEN given.state <> 'sent' THEN given.at END,
    failure = CASE WHEN given.state = 'failed' THEN 'undelivered' END, failure_detail = given.detail
FROM unnest(%(ids)s::uuid[], %(states)s::text[], %(ats)s::timestamptz[], %(details)s::text[])
    AS given (id, state, at, detail)
WHERE messages.id = given.id AND attempt > 0
    AND array_position(%(order)s::text[], messages.state) < array_position(%(order)s::text[], given.state)
"""
