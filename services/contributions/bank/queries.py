"""SQL of bank statements."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from psycopg import Connection
from sqlalchemy import func, text
from sqlmodel import Session, col, select

from services.contributions.bank import problems
from services.contributions.bank.models import BankLine, BankLineRejection, BankStatement
from services.contributions.bank.profiles import RejectedLine, StatementLine
from services.kit.ids import new_id


def statement(session: Session, statement_id: UUID) -> BankStatement:
    """One statement. Raises NoSuchStatement."""
    found = session.get(BankStatement, statement_id)
    if found is None:
        raise problems.NoSuchStatement("Check the statement's id.")
    return found


def statement_with_content(session: Session, account: str, sha256: str) -> BankStatement | None:
    """The statement of an account whose file is the same to the byte."""
    query = select(BankStatement).where(BankStatement.account == account, BankStatement.sha256 == sha256)
    return session.exec(query.order_by(col(BankStatement.id)).limit(1)).one_or_none()


def lock_statement(session: Session, statement_id: UUID) -> BankStatement:
    """A statement, held until the transaction ends: two workers never import the same lines."""
    return session.exec(select(BankStatement).where(BankStatement.id == statement_id).with_for_update()).one()


def add_lines(connection: Connection[Any], statement: BankStatement, lines: Sequence[StatementLine]) -> None:
    """Write lines that are not known yet; those of an earlier statement stay as they are."""
    connection.execute(
        "INSERT INTO bank_lines (id, statement_id, account, fingerprint, occurrence, line_number, value_on,"
        " amount_minor, currency, reference, description, state)"
        " SELECT id, %(statement_id)s, %(account)s, fingerprint, occurrence, line_number, value_on,"
        " amount_minor, %(currency)s, reference, description, 'new'"
        " FROM unnest(%(ids)s::uuid[], %(fingerprints)s::bytea[], %(occurrences)s::smallint[],"
        " %(numbers)s::int[], %(values_on)s::date[], %(amounts)s::bigint[], %(references)s::text[],"
        " %(descriptions)s::text[]) AS line (id, fingerprint, occurrence, line_number, value_on,"
        " amount_minor, reference, description)"
        " ON CONFLICT (account, fingerprint, occurrence) DO NOTHING",
        {
            "statement_id": statement.id,
            "account": statement.account,
            "currency": statement.currency,
            "ids": [new_id() for _ in lines],
            "fingerprints": [line.fingerprint for line in lines],
            "occurrences": [line.occurrence for line in lines],
            "numbers": [line.line_number for line in lines],
            "values_on": [line.value_on for line in lines],
            "amounts": [line.amount_minor for line in lines],
            "references": [line.reference for line in lines],
            "descriptions": [line.description for line in lines],
        },
    )


def add_rejections(session: Session, statement_id: UUID, lines: Sequence[RejectedLine]) -> None:
    """Note lines that could not be read; a second time changes nothing."""
    for line in lines:
        row = BankLineRejection(
            statement_id=statement_id,
            line_number=line.line_number,
            column=line.column,
            value=line.value,
            reason=line.reason,
        )
        session.merge(row)


def next_new_lines(session: Session, statement_id: UUID, limit: int) -> list[BankLine]:
    """The next lines of a statement that nothing was done with yet."""
    query = select(BankLine).where(BankLine.statement_id == statement_id, BankLine.state == "new")
    return list(session.exec(query.order_by(col(BankLine.line_number)).limit(limit)))


def settle_lines(
    connection: Connection[Any], outcomes: Sequence[tuple[UUID, str, str | None, UUID | None, UUID | None]]
) -> None:
    """Write what was done with lines: (line, state, matched by, member, payment)."""
    columns = list(zip(*outcomes, strict=True))
    connection.execute(
        "UPDATE bank_lines SET state = done.state, matched_by = done.matched_by, member_id = done.member_id,"
        " payment_id = done.payment_id"
        " FROM unnest(%s::uuid[], %s::text[], %s::text[], %s::uuid[], %s::uuid[])"
        " AS done (id, state, matched_by, member_id, payment_id) WHERE bank_lines.id = done.id",
        [list(column) for column in columns],
    )


def count_by_state(session: Session, statement_id: UUID) -> dict[str, int]:
    """How many lines of a statement came to which end."""
    query = select(BankLine.state, func.count()).where(BankLine.statement_id == statement_id)
    return dict(session.exec(query.group_by(BankLine.state)).all())


def rejections(session: Session, statement_id: UUID) -> list[BankLineRejection]:
    """The lines of a statement that could not be read."""
    query = select(BankLineRejection).where(BankLineRejection.statement_id == statement_id)
    return list(session.exec(query.order_by(col(BankLineRejection.line_number)).limit(1000)))


def lines_in_state(session: Session, state: str, after: UUID | None, limit: int) -> list[BankLine]:
    """Bank lines in one state, oldest first."""
    query = select(BankLine).where(BankLine.state == state)
    if after is not None:
        query = query.where(col(BankLine.id) > after)
    return list(session.exec(query.order_by(col(BankLine.id)).limit(limit)))


def lock_line(session: Session, line_id: UUID) -> BankLine:
    """One line, held until the transaction ends. Raises NoSuchLine."""
    found = session.exec(select(BankLine).where(BankLine.id == line_id).with_for_update()).one_or_none()
    if found is None:
        raise problems.NoSuchLine("Check the line's id.")
    return found


def reads_through(session: Session, account: str | None = None) -> Any:
    """The last day that the imported statements reach, of one account or of all; None without any."""
    query = "SELECT max(last_on) FROM bank_statements WHERE state = 'done'"
    return session.execute(
        text(query + " AND account = :account" if account else query), {"account": account}
    ).scalar()
