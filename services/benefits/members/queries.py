"""SQL of the projection."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import text, tuple_
from sqlmodel import Session, col, select

from services.benefits.db import among
from services.benefits.members.models import Member

_FIELDS = tuple(Member.model_fields)

_REMEMBER = text(
    f"INSERT INTO members ({', '.join(_FIELDS)}) VALUES ({', '.join(f':{f}' for f in _FIELDS)})"
    f" ON CONFLICT (id) DO UPDATE SET {', '.join(f'{f} = excluded.{f}' for f in _FIELDS[1:])}"
    " WHERE members.version < excluded.version"
)


def remember(session: Session, rows: list[dict[str, Any]]) -> None:
    """Take the newest announced state of members."""
    if rows:
        session.execute(_REMEMBER, sorted(rows, key=lambda row: str(row["id"])))


def member(session: Session, member_id: UUID) -> Member | None:
    return session.get(Member, member_id)


def members(session: Session, member_ids: Sequence[UUID]) -> dict[UUID, Member]:
    """These members by id; unknown ones are missing from the answer."""
    found = session.exec(select(Member).where(among(Member.id, member_ids)))
    return {one.id: one for one in found}


def holders_of(session: Session, documents: Sequence[tuple[str, str]]) -> dict[tuple[str, str], list[Member]]:
    """Who holds each document (type, number); more than one when the registry has duplicates."""
    found: dict[tuple[str, str], list[Member]] = {}
    key = tuple_(col(Member.document_type), col(Member.document_number))
    for one in session.exec(select(Member).where(key.in_(documents)).order_by(col(Member.id))):
        found.setdefault((one.document_type, one.document_number), []).append(one)
    return found
