"""SQL of declarations. The chunk's statements run on a psycopg connection."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from psycopg import Connection
from psycopg.rows import class_row
from sqlalchemy import func, text
from sqlmodel import Session, col, select

from services.contributions.charges import ChargeRun, Due
from services.contributions.declarations import problems
from services.contributions.declarations.models import Declaration, LeftOut
from services.contributions.declarations.rules import Candidate
from services.kit.periods import Period


def declaration(session: Session, declaration_id: UUID, *, agency: str | None = None) -> Declaration:
    """One declaration, of one agency if given. Raises NoSuchDeclaration."""
    found = session.get(Declaration, declaration_id)
    if found is None or (agency is not None and found.agency != agency):
        raise problems.NoSuchDeclaration("Check the declaration's id.")
    return found


def lock_declaration(session: Session, declaration_id: UUID) -> Declaration:
    """A declaration, held until the transaction ends. Raises NoSuchDeclaration."""
    query = select(Declaration).where(Declaration.id == declaration_id).with_for_update()
    found = session.exec(query).one_or_none()
    if found is None:
        raise problems.NoSuchDeclaration("Check the declaration's id.")
    return found


def declarations(
    session: Session, *, period: Period | None, agency: str | None = None, filed: bool = False
) -> list[Declaration]:
    """Declarations, newest first: of a period, of an agency, only filed ones."""
    query = select(Declaration)
    if period is not None:
        query = query.where(Declaration.period == period)
    if agency is not None:
        query = query.where(Declaration.agency == agency)
    if filed:
        query = query.where(col(Declaration.state).in_(["filed", "accepted"]))
    return list(session.exec(query.order_by(col(Declaration.id).desc()).limit(200)))


def standing(session: Session, agency: str, period: Period, process: str) -> Declaration | None:
    """The declaration of a period that is not void."""
    query = select(Declaration).where(
        Declaration.agency == agency,
        Declaration.period == period,
        Declaration.process == process,
        Declaration.state != "void",
    )
    return session.exec(query).one_or_none()


def is_charging(session: Session, period: Period) -> bool:
    """Whether a charge run of the period still runs."""
    query = select(ChargeRun.id).where(ChargeRun.period == period, ChargeRun.state == "running")
    return session.exec(query).first() is not None


def count_candidates(session: Session, period: Period) -> int:
    """How many members owe, or have paid, a contribution for the period."""
    query = select(func.count()).select_from(Due)
    return session.exec(
        query.where(Due.period == period, Due.fund == "contributions", Due.state == "open")
    ).one()


def statements_through(session: Session) -> date | None:
    """The day up to which every bank account's statements were imported."""
    through: date | None = session.execute(
        text(
            "SELECT min(last_on) FROM (SELECT max(last_on) AS last_on FROM bank_statements"
            " WHERE state = 'done' GROUP BY account) account"
        )
    ).scalar_one()
    return through


def next_members(session: Session, period: Period, after: UUID | None, limit: int) -> list[UUID]:
    """The next members in order of id who were charged for the period."""
    query = select(Due.member_id).where(
        Due.period == period, Due.fund == "contributions", Due.state == "open"
    )
    if after is not None:
        query = query.where(col(Due.member_id) > after)
    return list(session.exec(query.order_by(col(Due.member_id)).limit(limit)))


def candidates(connection: Connection[Any], member_ids: Sequence[UUID], period: Period) -> list[Candidate]:
    """What is due and paid of members whose accounts are locked, with their payroll data."""
    with connection.cursor(row_factory=class_row(Candidate)) as cursor:
        return cursor.execute(_CANDIDATES, {"ids": list(member_ids), "period": str(period)}).fetchall()


_CANDIDATES = """
SELECT due.member_id, due.organisation_id, due.charge_id, due.booked_on, due.total_minor,
       due.settled_minor, due.settled_on, charge.wage_minor, member.document_type,
       member.document_number, member.given_names, member.first_surname, member.second_surname,
       member.sex, member.birth_date
FROM dues due
JOIN members member ON member.id = due.member_id
JOIN charges charge ON charge.id = due.charge_id AND charge.booked_on = due.booked_on
WHERE due.member_id = ANY(%(ids)s::uuid[]) AND due.period = %(period)s
  AND due.fund = 'contributions' AND due.state = 'open'
ORDER BY due.member_id
"""


def add_lines(
    connection: Connection[Any],
    declaration_id: UUID,
    first_number: int,
    lines: Sequence[tuple[Candidate, str]],
) -> set[UUID]:
    """Write payroll lines; returns the members that went in.

    One whose document stands on the payroll already does not: (type, number) is unique there.
    """
    found = connection.execute(
        _ADD_LINES,
        {
            "declaration_id": declaration_id,
            "first_number": first_number,
            "members": [one.member_id for one, _ in lines],
            "organisations": [one.organisation_id for one, _ in lines],
            "charges": [one.charge_id for one, _ in lines],
            "booked_on": [one.booked_on for one, _ in lines],
            "types": [one.document_type for one, _ in lines],
            "documents": [one.document_number for one, _ in lines],
            "wages": [one.wage_minor for one, _ in lines],
            "amounts": [one.total_minor for one, _ in lines],
            "stems": [stem for _, stem in lines],
        },
    )
    return {row[0] for row in found}


_ADD_LINES = """
INSERT INTO declaration_lines (declaration_id, line_number, member_id, organisation_id, charge_id,
                               charge_booked_on, document_type, document_number, wage_minor,
                               amount_minor, stem)
SELECT %(declaration_id)s, %(first_number)s - 1 + row_number() OVER (ORDER BY place), member_id,
       organisation_id, charge_id, booked_on, document_type, document_number, wage_minor, amount_minor, stem
FROM (
    SELECT DISTINCT ON (document_type, document_number) *
    FROM unnest(%(members)s::uuid[], %(organisations)s::uuid[], %(charges)s::uuid[], %(booked_on)s::date[],
                %(types)s::text[], %(documents)s::text[], %(wages)s::bigint[], %(amounts)s::bigint[],
                %(stems)s::text[]) WITH ORDINALITY AS line (member_id, organisation_id, charge_id,
                booked_on, document_type, document_number, wage_minor, amount_minor, stem, place)
    WHERE NOT EXISTS (
        SELECT FROM declaration_lines known WHERE known.declaration_id = %(declaration_id)s
        AND (known.document_type, known.document_number) = (line.document_type, line.document_number))
    ORDER BY document_type, document_number, place
) line
RETURNING member_id
"""


def add_left_outs(connection: Connection[Any], left_outs: Sequence[LeftOut]) -> None:
    """Write who was left out, and why."""
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO left_outs (declaration_id, member_id, organisation_id, charge_id, reason, detail)"
            " VALUES (%s, %s, %s, %s, %s, %s)",
            [
                (
                    one.declaration_id,
                    one.member_id,
                    one.organisation_id,
                    one.charge_id,
                    one.reason,
                    one.detail,
                )
                for one in left_outs
            ],
        )


def stems(connection: Connection[Any], declaration_id: UUID) -> Iterator[bytes]:
    """The frozen stems of a declaration's lines in order, each with a newline, in blocks."""
    query = (
        "COPY (SELECT stem FROM declaration_lines WHERE declaration_id = {} ORDER BY line_number) TO STDOUT"
    )
    with connection.cursor().copy(query.format(f"'{declaration_id}'")) as copy:
        for block in copy:
            yield bytes(block)


def left_outs(session: Session, declaration_id: UUID, after: UUID | None, limit: int) -> list[LeftOut]:
    """Those left out of a payroll, in order of member id."""
    query = select(LeftOut).where(LeftOut.declaration_id == declaration_id)
    if after is not None:
        query = query.where(col(LeftOut.member_id) > after)
    return list(session.exec(query.order_by(col(LeftOut.member_id)).limit(limit)))
