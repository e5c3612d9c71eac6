"""SQL of imports, for those who look at them."""

from typing import Any
from uuid import UUID

from sqlmodel import Session, col, or_, select

from services.kit import trees
from services.kit.db import raw
from services.kit.principals import Principal
from services.registry.imports.models import Import
from services.registry.imports.problems import NoSuchImport


def find_import(session: Session, import_id: UUID, principal: Principal, *, lock: bool = False) -> Import:
    """One import: of an organisation within reach, or one's own. Raises NoSuchImport."""
    query = select(Import).where(Import.id == import_id, _visible(principal))
    found = session.exec(query.with_for_update(of=Import) if lock else query).one_or_none()
    if found is None:
        raise NoSuchImport(f"No import has the id {import_id}.")
    return found


def list_imports(session: Session, principal: Principal, *, after: UUID | None, limit: int) -> list[Import]:
    """Imports that one may see, the newest first; those older than `after`."""
    query = select(Import).where(_visible(principal))
    if after is not None:
        query = query.where(col(Import.id) < after)
    return list(session.exec(query.order_by(col(Import.id).desc()).limit(limit)))


def errors(session: Session, import_id: UUID, *, after: int, limit: int) -> list[tuple[Any, ...]]:
    """What is wrong with cells, in the order it was found: (id, line, column, value, code, reason)."""
    return raw(session).execute(_ERRORS, (import_id, after, limit)).fetchall()


def unverified_members(session: Session, import_id: UUID, verified_by: UUID, limit: int) -> list[UUID]:
    """Members of a roster that this person may verify and nobody has, in order of id."""
    return [row[0] for row in raw(session).execute(_UNVERIFIED, (import_id, verified_by, verified_by, limit))]


def _visible(principal: Principal) -> Any:
    return or_(trees.within(col(Import.organisation_id), principal), Import.requested_by == principal.subject)


_ERRORS = """
SELECT id, line, "column", value, code, reason FROM import_errors
WHERE import_id = %s AND id > %s ORDER BY id LIMIT %s
"""

_UNVERIFIED = """
SELECT id FROM members WHERE import_id = %s AND NOT identity_verified
AND registered_by <> %s AND content_by <> %s AND EXISTS (
    SELECT FROM identity_documents WHERE member_id = members.id AND retired_at IS NULL)
ORDER BY id LIMIT %s
"""
