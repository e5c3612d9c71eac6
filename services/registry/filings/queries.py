"""SQL of the checks before a filing."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlmodel import Session

from services.kit.db import raw
from services.registry.filings.schemas import CheckedMember


def checked_members(session: Session, member_ids: Sequence[UUID], on: date) -> list[CheckedMember]:
    """State, mandate on a day and verified identity of these members, in order of id."""
    rows = raw(session).execute(_CHECK, {"ids": list(member_ids), "on": on})
    return [
        CheckedMember(member_id=row[0], state=row[1], has_mandate=row[2], identity_verified=row[3])
        for row in rows
    ]


_CHECK = """
SELECT member.id, member.state,
       EXISTS (SELECT FROM agreements agreement
               WHERE agreement.member_id = member.id AND agreement.kind = 'mandate'
               AND agreement.given_on <= %(on)s
               AND (agreement.withdrawn_on IS NULL OR agreement.withdrawn_on > %(on)s)),
       member.identity_verified
FROM members member WHERE member.id = ANY(%(ids)s::uuid[]) ORDER BY member.id
"""
