"""SQL of verifications: one statement for one member and for the thousands of a roster."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session

from services.kit.db import raw


@dataclass(frozen=True, slots=True)
class Verified:
    """Who was verified: for the first time, or again after a change."""

    enrolled: list[UUID]
    again: list[UUID]


def verify(session: Session, member_ids: Sequence[UUID], *, verified_by: UUID) -> Verified:
    """Verify these members, except whom this person may not, and who needs none or has no document."""
    given = {"ids": list(member_ids), "by": verified_by}
    rows = raw(session).execute(_VERIFY, given).fetchall()
    return Verified([row[0] for row in rows if row[1]], [row[0] for row in rows if not row[1]])


def has_document(session: Session, member_id: UUID) -> bool:
    """Whether the member has an identity document that is not retired."""
    found = raw(session).execute(
        "SELECT EXISTS (SELECT FROM identity_documents WHERE member_id = %s AND retired_at IS NULL)",
        [member_id],
    )
    return found.fetchone() == (True,)


_VERIFY = """
WITH held AS (
    SELECT id, enrolled_at IS NULL AS is_first FROM members
    WHERE id = ANY(%(ids)s::uuid[]) ORDER BY id FOR NO KEY UPDATE
), verified AS (
    UPDATE members SET identity_verified = true, version = version + 1,
           state = CASE state WHEN 'applicant' THEN 'active' ELSE state END,
           enrolled_at = coalesce(enrolled_at, now())
    FROM held
    WHERE members.id = held.id AND NOT identity_verified
      AND registered_by <> %(by)s AND content_by <> %(by)s
      AND EXISTS (SELECT FROM identity_documents document
                  WHERE document.member_id = members.id AND document.retired_at IS NULL)
    RETURNING members.id, version, registered_by, content_by, held.is_first
), noted AS (
    INSERT INTO verifications (member_id, member_version, registered_by, content_by, verified_by)
    SELECT id, version, registered_by, content_by, %(by)s FROM verified
)
SELECT id, is_first FROM verified ORDER BY id
"""
