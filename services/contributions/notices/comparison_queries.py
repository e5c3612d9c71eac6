"""SQL of the comparison: one join over the whole bill, from which only what differs comes back.

Amounts of a line are arrays in the order of the notice's branches, so that a person is one row on either
side. Works on a psycopg connection inside the caller's transaction.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from psycopg import Connection, sql

from services.contributions.notices.models import Notice
from services.contributions.notices.rules import Branches, Pair

FETCHED_AT_ONCE = 5_000


@dataclass(frozen=True, slots=True)
class Comparison:
    """A notice and what it is compared with. `booked_on`: the days on which its charges were booked."""

    notice: Notice
    branches: Branches
    answers_declaration: bool
    booked_on: tuple[date, ...]


def charged_on(connection: Connection[Any], declaration_id: UUID) -> tuple[date, ...]:
    """The days on which a payroll's charges were booked: their partitions."""
    rows = connection.execute(
        "SELECT DISTINCT charge_booked_on FROM declaration_lines WHERE declaration_id = %s", (declaration_id,)
    )
    return tuple(row[0] for row in rows)


def differing(connection: Connection[Any], comparison: Comparison) -> Iterator[list[Pair]]:
    """The pairs of payroll and notice lines that differ in any branch, some thousands at a time."""
    notice = comparison.notice
    statement = _differing(comparison.branches, comparison.answers_declaration)
    given = {
        "notice_id": notice.id,
        "declaration_id": notice.declaration_id,
        "booked_on": list(comparison.booked_on),
    }
    # A payroll's charges fit into a hash table then: sorting a million of them takes three times as long.
    connection.execute("SET LOCAL work_mem = '128MB'")
    with connection.cursor(name="differing_lines") as cursor:
        cursor.execute(statement, given)
        while rows := cursor.fetchmany(FETCHED_AT_ONCE):
            paid = _paid(connection, str(notice.period), [row[1] for row in rows if row[1]])
            yield [_pair(row, *paid.get(row[3], (0, 0))) for row in rows]


def _paid(connection: Connection[Any], period: str, member_ids: list[UUID]) -> dict[UUID, tuple[int, int]]:
    """By charge: what these members were asked as contributions for a period, and what of it they paid."""
    rows = connection.execute(
        "SELECT charge_id, total_minor, settled_minor FROM dues"
        " WHERE member_id = ANY(%s::uuid[]) AND period = %s AND fund = 'contributions'",
        (member_ids, period),
    )
    return {row[0]: (row[1], row[2]) for row in rows}


def _pair(row: Sequence[Any], due_minor: int, settled_minor: int) -> Pair:
    declared, billed = row[5], row[7]
    return Pair(
        line_number=row[0],
        member_id=row[1],
        organisation_id=row[2],
        charge_id=row[3],
        declared_wage_minor=row[4],
        declared=None if declared is None else tuple(declared),
        billed_wage_minor=row[6],
        billed=None if billed is None else tuple(billed),
        due_minor=due_minor,
        settled_minor=settled_minor,
    )


def _differing(branches: Branches, answers_declaration: bool) -> sql.Composed:
    """The statement: every payroll line beside every notice line, or only those on the notice."""
    sums = sql.SQL(", ").join(
        sql.SQL("coalesce(sum(amount_minor) FILTER (WHERE line IN ({})), 0)::bigint").format(
            sql.SQL(", ").join(map(sql.Literal, branches.lines[code]))
        )
        if code in branches.lines
        else sql.SQL("0::bigint")
        for code in branches.codes
    )
    joined, wanted = _ANSWERING if answers_declaration else _ON_TOP
    return sql.SQL(_DIFFERING).format(sums=sums, joined=joined, wanted=wanted)


_ANSWERING = (sql.SQL("FULL JOIN"), sql.SQL("declared.amounts_minor IS DISTINCT FROM billed.amounts_minor"))
_ON_TOP = (sql.SQL("RIGHT JOIN"), sql.SQL("billed.amount_minor <> 0"))


_DIFFERING = """
WITH charged AS (
    SELECT charge_id, ARRAY[{sums}] AS amounts_minor
    FROM charge_lines WHERE booked_on = ANY(%(booked_on)s::date[]) GROUP BY charge_id
), declared AS (
    SELECT line.member_id, line.organisation_id, line.charge_id, line.document_type, line.document_number,
           line.wage_minor, charged.amounts_minor
    FROM declaration_lines line JOIN charged USING (charge_id)
    WHERE line.declaration_id = %(declaration_id)s
), billed AS (
    SELECT * FROM notice_lines WHERE notice_id = %(notice_id)s
), differing AS MATERIALIZED (
    SELECT billed.line_number, declared.member_id, declared.organisation_id, declared.charge_id,
           declared.wage_minor, declared.amounts_minor, billed.wage_minor AS billed_wage_minor,
           billed.amounts_minor AS billed_minor
    FROM declared {joined} billed USING (document_type, document_number)
    WHERE {wanted}
)
SELECT * FROM differing
"""  # Planned as a whole: a cursor's own plan would be made for its first rows.


def dependants_minor(connection: Connection[Any], comparison: Comparison) -> int:
    """What members on the payroll were charged for additional dependants, of those that are billed."""
    found = connection.execute(
        _DEPENDANTS,
        {
            "notice_id": comparison.notice.id,
            "declaration_id": comparison.notice.declaration_id,
            "booked_on": list(comparison.booked_on),
            "codes": list(comparison.branches.dependants),
        },
    ).fetchone()
    return int(found[0]) if found else 0


_DEPENDANTS = """
SELECT coalesce(sum(charged.amount_minor), 0)
FROM charge_lines charged
JOIN declaration_lines line ON line.charge_id = charged.charge_id
JOIN notice_lines billed
    ON (billed.document_type, billed.document_number) = (line.document_type, line.document_number)
WHERE charged.booked_on = ANY(%(booked_on)s::date[]) AND charged.line = ANY(%(codes)s::text[])
  AND line.declaration_id = %(declaration_id)s AND billed.notice_id = %(notice_id)s
"""

DIFFERENCES = (
    "id, notice_id, line_number, member_id, organisation_id, charge_id, branch, reason, collected_minor,"
    " declared_minor, billed_minor, amount_minor, state"
)


def copy_differences(connection: Connection[Any], rows: Sequence[tuple[Any, ...]]) -> None:
    """Write differences, in the order of `DIFFERENCES`."""
    with connection.cursor().copy(f"COPY notice_differences ({DIFFERENCES}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def copy_lines(connection: Connection[Any], rows: Sequence[tuple[Any, ...]]) -> None:
    """Write a notice's lines as they came."""
    statement = (
        "COPY notice_lines (notice_id, line_number, document_type, document_number, wage_minor,"
        " amounts_minor, amount_minor) FROM STDIN"
    )
    with connection.cursor().copy(statement) as copy:
        for row in rows:
            copy.write_row(row)
