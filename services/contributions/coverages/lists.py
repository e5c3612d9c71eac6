"""SQL of lists of members by what a month is for them: covered, pending, tail or none."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from psycopg import Connection
from psycopg.rows import class_row

from services.kit.periods import Period


@dataclass(frozen=True, slots=True)
class Listed:
    """One member in a list of a month's cover."""

    member_id: UUID
    organisation_id: UUID
    covered_until: date | None
    notice_id: UUID | None


def listed(
    connection: Connection[Any],
    period: Period,
    state: str,
    *,
    first_with_tail: Period,
    roots: Sequence[UUID] | None,
    after: UUID | None,
    limit: int,
) -> list[Listed]:
    """Members whose month is in one state, in order of id, at or below `roots`."""
    given = {
        "period": str(period),
        "first_with_tail": str(first_with_tail),
        "roots": None if roots is None else list(roots),
        "after": after,
        "limit": limit,
    }
    with connection.cursor(row_factory=class_row(Listed)) as cursor:
        return cursor.execute(_LISTS[state], given).fetchall()


_PENDING = """
    SELECT line.member_id, line.organisation_id FROM declarations declaration
    JOIN declaration_lines line ON line.declaration_id = declaration.id
    JOIN dues due ON due.member_id = line.member_id AND due.period = declaration.period
        AND due.fund = 'contributions' AND due.charge_id = line.charge_id AND due.state = 'open'
    WHERE declaration.period = %(period)s AND declaration.state IN ('filed', 'accepted')
      AND NOT EXISTS (SELECT FROM coverages cover WHERE cover.member_id = line.member_id
                      AND cover.period = %(period)s AND cover.state = 'covered')
"""
_TAIL = f"""
    SELECT DISTINCT ON (paid.member_id) paid.member_id, paid.organisation_id, paid.covered_until,
           paid.notice_id
    FROM coverages paid
    WHERE paid.period < %(period)s AND paid.period >= %(first_with_tail)s AND paid.state = 'covered'
      AND NOT EXISTS (SELECT FROM coverages cover WHERE cover.member_id = paid.member_id
                      AND cover.period = %(period)s AND cover.state = 'covered')
      AND paid.member_id NOT IN (SELECT member_id FROM ({_PENDING}) pending)
    ORDER BY paid.member_id, paid.period DESC
"""
_NONE = f"""
    SELECT member.id AS member_id, member.organisation_id FROM members member
    WHERE member.state = 'active'
      AND NOT EXISTS (SELECT FROM coverages cover
                      WHERE cover.member_id = member.id AND cover.state = 'covered'
                      AND cover.period BETWEEN %(first_with_tail)s AND %(period)s)
      AND member.id NOT IN (SELECT member_id FROM ({_PENDING}) pending)
"""
_COVERED = """
    SELECT member_id, organisation_id, covered_until, notice_id FROM coverages
    WHERE period = %(period)s AND state = 'covered'
"""
_NO_PROOF = "NULL::date AS covered_until, NULL::uuid AS notice_id"
_PAGE = """
SELECT member_id, organisation_id, {proof} FROM ({source}) found
WHERE member_id > coalesce(%(after)s::uuid, '00000000-0000-0000-0000-000000000000')
  AND (%(roots)s::uuid[] IS NULL OR organisation_id IN (
      SELECT id FROM tree_nodes WHERE lineage && %(roots)s::uuid[]))
ORDER BY member_id LIMIT %(limit)s
"""
_LISTS = {
    "covered": _PAGE.format(source=_COVERED, proof="covered_until, notice_id"),
    "pending": _PAGE.format(source=_PENDING, proof=_NO_PROOF),
    "tail": _PAGE.format(source=_TAIL, proof="covered_until, notice_id"),
    "none": _PAGE.format(source=_NONE, proof=_NO_PROOF),
}
