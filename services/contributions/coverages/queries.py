"""SQL of coverage. Chunks run on a psycopg connection, under the remittance's lock."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from psycopg import Connection
from psycopg.rows import class_row
from sqlmodel import Session, select

from services.contributions.coverages.models import CoverageRun
from services.contributions.events import CoveredMember
from services.kit.db import raw
from services.kit.periods import Period


@dataclass(frozen=True, slots=True)
class Paid:
    """A remittance with the notice that it pays, held against a change of its state."""

    remittance_id: UUID
    notice_id: UUID
    declaration_id: UUID
    period: str
    type: str
    lines: int
    state: str


def hold_remittance(connection: Connection[Any], remittance_id: UUID) -> Paid:
    """A remittance, so held that it cannot be returned before the transaction ends."""
    query = (
        "SELECT remittance.id AS remittance_id, notice.id AS notice_id, notice.declaration_id, notice.period,"
        " notice.type, notice.lines, remittance.state"
        " FROM remittances remittance JOIN notices notice ON notice.id = remittance.notice_id"
        " WHERE remittance.id = %s FOR SHARE OF remittance"
    )
    with connection.cursor(row_factory=class_row(Paid)) as cursor:
        found = cursor.execute(query, (remittance_id,)).fetchone()
    assert found is not None
    return found


def lock_run(session: Session, remittance_id: UUID, kind: str) -> CoverageRun:
    """The granting or withdrawing of a remittance, held: two workers never do the same chunk."""
    query = select(CoverageRun).where(CoverageRun.remittance_id == remittance_id, CoverageRun.kind == kind)
    return session.exec(query.with_for_update()).one()


def run_of(session: Session, remittance_id: UUID, kind: str) -> CoverageRun | None:
    """The granting or withdrawing of a remittance, if it was begun."""
    return session.get(CoverageRun, (remittance_id, kind))


def add_run(session: Session, remittance_id: UUID, kind: str) -> None:
    """Begin to grant or withdraw what a remittance covers; a second call changes nothing."""
    raw(session).execute(
        "INSERT INTO coverage_runs (remittance_id, kind, state, lines_total, lines_done, members)"
        " VALUES (%s, %s, 'running', 0, 0, 0) ON CONFLICT DO NOTHING",
        (remittance_id, kind),
    )


def grant_lines(
    connection: Connection[Any],
    paid: Paid,
    *,
    after: int,
    through: int,
    covered_until: date,
    granted_on: date,
) -> list[CoveredMember]:
    """Cover the members on some lines of a paid notice; those covered already are left as they are."""
    given = {
        "notice_id": paid.notice_id,
        "remittance_id": paid.remittance_id,
        "declaration_id": paid.declaration_id,
        "period": paid.period,
        "after": after,
        "through": through,
        "covered_until": covered_until,
        "granted_on": granted_on,
    }
    return _members(connection.execute(_GRANT, given))


# In order of id: two notices of one month that name the same members wait for each other, never in a ring.
# A month whose remittance came back is taken over, even before its cover was withdrawn.
_GRANT = """
INSERT INTO coverages (member_id, period, organisation_id, notice_id, remittance_id, state, covered_until,
                       granted_on)
SELECT line.member_id, %(period)s, line.organisation_id, %(notice_id)s, %(remittance_id)s, 'covered',
       %(covered_until)s, %(granted_on)s
FROM notice_lines billed
JOIN declaration_lines line
    ON line.declaration_id = %(declaration_id)s
    AND (line.document_type, line.document_number) = (billed.document_type, billed.document_number)
WHERE billed.notice_id = %(notice_id)s AND billed.line_number > %(after)s
  AND billed.line_number <= %(through)s AND billed.amount_minor > 0
ORDER BY line.member_id
ON CONFLICT (member_id, period) DO UPDATE
    SET state = 'covered', organisation_id = excluded.organisation_id, notice_id = excluded.notice_id,
        remittance_id = excluded.remittance_id, covered_until = excluded.covered_until,
        granted_on = excluded.granted_on, withdrawn_on = NULL, withdrawn_because = NULL
    WHERE coverages.state = 'withdrawn' OR EXISTS (
        SELECT FROM remittances WHERE remittances.id = coverages.remittance_id
        AND remittances.state = 'returned')
RETURNING member_id, organisation_id
"""


def withdraw_next(
    connection: Connection[Any],
    paid: Paid,
    *,
    after: UUID | None,
    limit: int,
    withdrawn_on: date,
    because: str,
) -> list[CoveredMember]:
    """Withdraw the next members' cover that a remittance proved, in order of id."""
    given = {
        "remittance_id": paid.remittance_id,
        "period": paid.period,
        "after": after,
        "limit": limit,
        "withdrawn_on": withdrawn_on,
        "because": because,
    }
    return _members(connection.execute(_WITHDRAW, given))


_WITHDRAW = """
WITH next AS (
    SELECT member_id FROM coverages
    WHERE period = %(period)s AND remittance_id = %(remittance_id)s AND state = 'covered'
      AND member_id > coalesce(%(after)s::uuid, '00000000-0000-0000-0000-000000000000')
    ORDER BY member_id LIMIT %(limit)s FOR UPDATE
), withdrawn AS (
    UPDATE coverages SET state = 'withdrawn', withdrawn_on = %(withdrawn_on)s,
                         withdrawn_because = %(because)s
    FROM next WHERE coverages.member_id = next.member_id AND coverages.period = %(period)s
    RETURNING coverages.member_id, coverages.organisation_id
)
SELECT member_id, organisation_id FROM withdrawn ORDER BY member_id
"""


def _members(rows: Any) -> list[CoveredMember]:
    return [CoveredMember(member_id=row[0], organisation_id=row[1]) for row in rows]


@dataclass(frozen=True, slots=True)
class Month:
    """One month of a member that was paid for, withdrawn, or declared."""

    period: Period
    state: str
    covered_until: date | None
    notice_id: UUID | None
    reference: str | None
    remittance_id: UUID | None
    granted_on: date | None
    withdrawn_on: date | None
    withdrawn_because: str | None
    is_declared: bool


def months_of(connection: Connection[Any], member_id: UUID, *, limit: int) -> list[Month]:
    """A member's months that were covered, withdrawn or declared, newest first."""
    rows = connection.execute(_MONTHS, {"member_id": member_id, "limit": limit}).fetchall()
    return [Month(Period.parse(row[0]), *row[1:]) for row in rows]


# A member is pending by a payroll that was filed, as long as the charge for it has not lapsed.
_MONTHS = """
WITH declared AS (
    SELECT DISTINCT declaration.period FROM declaration_lines line
    JOIN declarations declaration ON declaration.id = line.declaration_id
        AND declaration.state IN ('filed', 'accepted')
    JOIN dues due ON due.member_id = line.member_id AND due.period = declaration.period
        AND due.fund = 'contributions' AND due.charge_id = line.charge_id AND due.state = 'open'
    WHERE line.member_id = %(member_id)s
), granted AS (
    SELECT cover.*, notice.reference FROM coverages cover JOIN notices notice ON notice.id = cover.notice_id
    WHERE cover.member_id = %(member_id)s
)
SELECT period, coalesce(granted.state, 'pending'), covered_until, notice_id, reference, remittance_id,
       granted_on, withdrawn_on, withdrawn_because, declared.period IS NOT NULL
FROM granted FULL JOIN declared USING (period)
ORDER BY period DESC LIMIT %(limit)s
"""
