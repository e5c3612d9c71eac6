"""SQL of sending. Rows that several processes want are skipped by all but one, or locked in order of id."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from psycopg.rows import class_row
from sqlmodel import Session

from gateway.messages.sending.rules import Closed, Due, Sending, Waiting, segments_of
from services.kit.db import raw


def lock_due(session: Session, *, now: datetime, limit: int) -> list[Due]:
    """Messages that are due, the longest first, held until the transaction ends."""
    with raw(session).cursor(row_factory=class_row(Due)) as cursor:
        return cursor.execute(_DUE, {"now": now, "limit": limit}).fetchall()


def lease(session: Session, sent: Sequence[tuple[Due, Sending]], *, until: datetime) -> None:
    """Note that an attempt at each of these begins now, with all that it says."""
    if not sent:
        return
    columns = {
        "ids": [due.id for due, _ in sent],
        "texts": [sending.text for _, sending in sent],
        "phones": [sending.phone for _, sending in sent],
        "languages": [sending.language for _, sending in sent],
        "segments": [segments_of(sending.text) for _, sending in sent],
        "until": until,
    }
    raw(session).execute(_LEASE, columns)


def close(session: Session, closed: Sequence[tuple[Due, Closed]], *, at: datetime) -> None:
    """Close messages that do not go."""
    if not closed:
        return
    columns = {
        "ids": [due.id for due, _ in closed],
        "failures": [one.failure for _, one in closed],
        "at": at,
    }
    raw(session).execute(_CLOSE, columns)


def postpone(session: Session, waiting: Sequence[tuple[Due, Waiting]], *, now: datetime) -> None:
    """Have messages looked at again later."""
    if not waiting:
        return
    columns = {
        "ids": [due.id for due, _ in waiting],
        "due": [now + one.wait for _, one in waiting],
    }
    raw(session).execute(_POSTPONE, columns)


@dataclass(frozen=True, slots=True)
class Settled:
    """What an attempt led to: a state, and when to try again if that is still `queued`."""

    id: UUID
    attempt: int
    state: str
    due_at: datetime
    answer_lost: bool
    failure_detail: str | None = None


def settle(session: Session, settled: Sequence[Settled], *, at: datetime) -> None:
    """Write what attempts led to. One that a receipt or a later attempt has overtaken changes nothing."""
    columns = {
        "ids": [one.id for one in settled],
        "attempts": [one.attempt for one in settled],
        "states": [one.state for one in settled],
        "due": [one.due_at for one in settled],
        "lost": [one.answer_lost for one in settled],
        "details": [one.failure_detail for one in settled],
        "at": at,
    }
    connection = raw(session)
    # Receipts lock the same rows: in one order for all.
    connection.execute("SELECT FROM messages WHERE id = ANY(%(ids)s) ORDER BY id FOR NO KEY UPDATE", columns)
    connection.execute(_SETTLE, columns)


def seconds_to_next(session: Session, *, now: datetime) -> float | None:
    """How long until a message is due; None if none is queued."""
    row = raw(session).execute("SELECT min(due_at) FROM messages WHERE state = 'queued'").fetchone()
    return None if row is None or row[0] is None else max(0.0, (row[0] - now).total_seconds())


_DUE = """
SELECT message.id, template, facts, created_at, attempt, is_calling, answer_lost, code_sealed, text,
       message.phone, contact.given_names, contact.member_number, contact.phone AS contact_phone,
       contact.language AS contact_language, opt_out.phone IS NOT NULL AS opted_out
FROM messages message
LEFT JOIN contacts contact ON contact.member_id = message.member_id
LEFT JOIN opt_outs opt_out ON opt_out.phone = contact.phone AND opt_out.resumed_at IS NULL
WHERE message.state = 'queued' AND due_at <= %(now)s
ORDER BY due_at LIMIT %(limit)s
FOR NO KEY UPDATE OF message SKIP LOCKED
"""

_LEASE = """
UPDATE messages SET attempt = attempt + 1, is_calling = true, answer_lost = answer_lost OR is_calling,
    due_at = %(until)s, text = given.text, phone = given.phone, segments = given.segments,
    language = coalesce(given.language, messages.language)
FROM unnest(%(ids)s::uuid[], %(texts)s::text[], %(phones)s::text[], %(languages)s::text[],
            %(segments)s::smallint[]) AS given (id, text, phone, language, segments)
WHERE messages.id = given.id
"""

_CLOSE = """
UPDATE messages SET state = CASE WHEN given.failure IS NULL THEN 'unknown' ELSE 'failed' END,
    failure = given.failure, settled_at = CASE WHEN given.failure IS NOT NULL THEN %(at)s END,
    is_calling = false, code_sealed = NULL
FROM unnest(%(ids)s::uuid[], %(failures)s::text[]) AS given (id, failure)
WHERE messages.id = given.id
"""

_POSTPONE = """
UPDATE messages SET due_at = given.due
FROM unnest(%(ids)s::uuid[], %(due)s::timestamptz[]) AS given (id, due)
WHERE messages.id = given.id
"""

_SETTLE = """
UPDATE messages SET state = given.state, is_calling = false, due_at = given.due,
    answer_lost = answer_lost OR given.lost,
    sent_at = CASE WHEN given.state = 'sent' THEN %(at)s END,
    settled_at = CASE WHEN given.state = 'failed' THEN %(at)s END,
    failure = CASE WHEN given.state = 'failed' THEN 'refused' END, failure_detail = given.detail,
    code_sealed = CASE WHEN given.state = 'queued' THEN code_sealed END
FROM unnest(%(ids)s::uuid[], %(attempts)s::smallint[], %(states)s::text[], %(due)s::timestamptz[],
            %(lost)s::bool[], %(details)s::text[]) AS given (id, attempt, state, due, lost, detail)
WHERE messages.id = given.id AND messages.attempt = given.attempt AND messages.state = 'queued'
"""
