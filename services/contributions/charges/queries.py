"""SQL of charging. The chunk's statements run on a psycopg connection, in the order given here."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from psycopg import Connection, sql
from psycopg.rows import class_row
from sqlmodel import Session, col, func, select

from services.contributions.charges import problems, rows
from services.contributions.charges.models import ChargeRun
from services.contributions.charges.rows import Chargeable, ChargeRows
from services.contributions.members import Member
from services.kit.periods import Period


def charge_run(session: Session, run_id: UUID) -> ChargeRun:
    """One charge run. Raises NoSuchChargeRun."""
    found = session.get(ChargeRun, run_id)
    if found is None:
        raise problems.NoSuchChargeRun("Check the run's id.")
    return found


def lock_run(session: Session, run_id: UUID) -> ChargeRun:
    """A charge run, held until the transaction ends: two workers never charge the same chunk."""
    return session.exec(select(ChargeRun).where(ChargeRun.id == run_id).with_for_update()).one()


def run_of_period(session: Session, period: Period, scheme: str) -> ChargeRun | None:
    """The charge run of a period, if there is one."""
    return session.exec(
        select(ChargeRun).where(ChargeRun.period == period, ChargeRun.scheme == scheme)
    ).one_or_none()


def count_active_members(session: Session) -> int:
    """How many members a charging of today would look at."""
    return session.exec(select(func.count()).select_from(Member).where(col(Member.state) == "active")).one()


def lock_next_accounts(connection: Connection[Any], after: UUID | None, limit: int) -> list[UUID]:
    """Lock the accounts of the next active members in order of id; returns their ids."""
    query = (
        "SELECT account.member_id FROM member_accounts account"
        " JOIN members member ON member.id = account.member_id AND member.state = 'active'"
        " WHERE account.member_id > coalesce(%s, '00000000-0000-0000-0000-000000000000'::uuid)"
        " ORDER BY account.member_id LIMIT %s FOR NO KEY UPDATE OF account"
    )
    return [row[0] for row in connection.execute(query, (after, limit))]


def chargeable(connection: Connection[Any], member_ids: Sequence[UUID], period: Period) -> list[Chargeable]:
    """Of members whose accounts are locked, those who were not charged for the period yet."""
    query = (
        "SELECT member.id AS member_id, member.organisation_id, member.declared_wage_minor AS wage_minor,"
        " member.additional_dependants, member.risk_class, account.credit_minor"
        " FROM members member JOIN member_accounts account ON account.member_id = member.id"
        " WHERE member.id = ANY(%(ids)s) AND NOT EXISTS ("
        "  SELECT FROM dues WHERE dues.member_id = member.id AND dues.period = %(period)s)"
        " ORDER BY member.id"
    )
    with connection.cursor(row_factory=class_row(Chargeable)) as cursor:
        return cursor.execute(query, {"ids": list(member_ids), "period": str(period)}).fetchall()


def copy_in(connection: Connection[Any], made: ChargeRows) -> None:
    """Write a chunk's rows."""
    for table, columns, lines in (
        ("charges", rows.CHARGES, made.charges),
        ("charge_lines", rows.LINES, made.lines),
        ("dues", rows.DUES, made.dues),
        ("ledger_entries", rows.LEDGER, made.ledger),
    ):
        _copy(connection, table, columns, lines)


def _copy(connection: Connection[Any], table: str, columns: str, lines: Iterable[str]) -> None:
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(table), sql.SQL(", ").join(sql.Identifier(name.strip()) for name in columns.split(","))
    )
    with connection.cursor().copy(statement) as copy:
        copy.write("".join(lines))
