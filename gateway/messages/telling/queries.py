"""SQL that makes messages."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from pydantic_core import to_json
from sqlmodel import Session

from gateway.messages.sending.jobs import send_messages
from services.kit.db import raw
from services.kit.ids import new_id
from services.kit.jobs import defer_once


@dataclass(frozen=True, slots=True)
class Telling:
    """What one member is to be told. `subject_id` is the payment, charge, payout … that it is about."""

    event_id: UUID
    template: str
    subject_id: UUID
    member_id: UUID
    organisation_id: UUID
    facts: dict[str, Any] = field(default_factory=dict)
    code_sealed: str | None = None


def tell(session: Session, tellings: Sequence[Telling]) -> int:
    """Make the messages that are not there yet, and have them sent; returns how many were made."""
    if not tellings:
        return 0
    columns = {
        "ids": [new_id() for _ in tellings],
        "event_ids": [one.event_id for one in tellings],
        "templates": [one.template for one in tellings],
        "subject_ids": [one.subject_id for one in tellings],
        "member_ids": [one.member_id for one in tellings],
        "organisation_ids": [one.organisation_id for one in tellings],
        "facts": [to_json(one.facts).decode() for one in tellings],
        "codes": [one.code_sealed for one in tellings],
    }
    made = raw(session).execute(_TELL, columns).rowcount
    if made:
        defer_once(session, send_messages, key="all")
    return made


_TELL = """
INSERT INTO messages (id, event_id, template, subject_id, member_id, organisation_id, facts, code_sealed,
                      state, created_at, due_at, attempt, is_calling, answer_lost)
SELECT *, 'queued', now(), now(), 0, false, false
FROM unnest(%(ids)s::uuid[], %(event_ids)s::uuid[], %(templates)s::text[], %(subject_ids)s::uuid[],
            %(member_ids)s::uuid[], %(organisation_ids)s::uuid[], %(facts)s::jsonb[], %(codes)s::text[])
ON CONFLICT (event_id, template, subject_id) WHERE resend_of IS NULL DO NOTHING
"""
