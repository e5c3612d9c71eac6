"""The ledger: one row moves one positive amount from a credit account to a debit account.

The two accounts differ, so an imbalance cannot be written. Rows are append-only; a correction is a
reversing row that names the first, once. A row names the member whose money it is, if it is one's.
Balances of banks, fees and payables are the sum of their rows: there is no hot row. Rows are
partitioned by the month of booking; parts that hold money make the table in their own database.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    Identity,
    Index,
    MetaData,
    Row,
    String,
    Table,
    Text,
    Uuid,
    func,
    insert,
    literal,
    select,
    text,
)
from sqlmodel import Session

from services.kit.db import APPEND_ONLY, Xid8
from services.kit.money import Money


def ledger_tables(metadata: MetaData) -> tuple[Table, Table]:
    """The tables `ledger_entries` and `ledger_reversals` for one part's metadata."""
    entries = Table(
        "ledger_entries",
        metadata,
        Column("id", BigInteger, Identity(always=True), primary_key=True),
        Column("booked_on", Date, primary_key=True),
        Column("booked_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
        Column("kind", Text, nullable=False),
        Column("debit_account", Text, nullable=False),
        Column("credit_account", Text, nullable=False),
        Column("member_id", Uuid, nullable=True),
        Column("amount_minor", BigInteger, nullable=False),
        Column("currency", String(3), nullable=False),
        Column("source_id", Uuid, nullable=False),
        Column("reverses_id", BigInteger, nullable=True),
        Column("xid", Xid8, nullable=False, server_default=text("pg_current_xact_id()")),
        CheckConstraint("amount_minor > 0", name="positive"),
        CheckConstraint("debit_account <> credit_account", name="two_accounts"),
        Index(
            "ix_ledger_entries_member_id",
            "member_id",
            postgresql_where=text("member_id IS NOT NULL"),
        ),
        Index("ix_ledger_entries_source_id", "source_id"),
        Index("ix_ledger_entries_xid", "xid"),
        info=APPEND_ONLY,
    )
    reversals = Table(
        "ledger_reversals",
        metadata,
        Column("entry_id", BigInteger, primary_key=True, autoincrement=False),
        Column("source_id", Uuid, nullable=False),
        info=APPEND_ONLY,
    )
    return entries, reversals


@dataclass(frozen=True, slots=True)
class Transfer:
    """One movement to write: `amount` from `credit` to `debit`, for the sake of `source_id`."""

    kind: str
    debit: str
    credit: str
    amount: Money
    source_id: UUID
    member_id: UUID | None = None


def post(session: Session, entries: Table, transfers: list[Transfer], *, booked_on: date) -> None:
    """Write movements that belong together. An amount of zero is left out; a negative one is refused."""
    rows = [
        {
            "booked_on": booked_on,
            "kind": transfer.kind,
            "debit_account": transfer.debit,
            "credit_account": transfer.credit,
            "member_id": transfer.member_id,
            "amount_minor": transfer.amount.minor,
            "currency": transfer.amount.currency,
            "source_id": transfer.source_id,
        }
        for transfer in transfers
        if transfer.amount.minor != 0
    ]
    if rows:
        session.execute(insert(entries), rows)


def reverse(
    session: Session,
    entries: Table,
    reversals: Table,
    *,
    of_source_id: UUID,
    source_id: UUID,
    booked_on: date,
) -> int:
    """Write the mirror of every row of `of_source_id`, each once for ever; returns how many.

    A second call meets the unique key of `ledger_reversals` and raises IntegrityError.
    """
    originals = session.execute(select(entries).where(entries.c.source_id == of_source_id)).all()
    for original in originals:
        session.execute(insert(reversals).values(entry_id=original.id, source_id=source_id))
    mirrored = [_mirror(original, source_id, booked_on) for original in originals]
    if mirrored:
        session.execute(insert(entries), mirrored)
    return len(mirrored)


def _mirror(original: Row[Any], source_id: UUID, booked_on: date) -> dict[str, Any]:
    return {
        "booked_on": booked_on,
        "kind": original.kind,
        "debit_account": original.credit_account,
        "credit_account": original.debit_account,
        "member_id": original.member_id,
        "amount_minor": original.amount_minor,
        "currency": original.currency,
        "source_id": source_id,
        "reverses_id": original.id,
    }


def balances(session: Session, entries: Table, *, through: date | None = None) -> list[Row[Any]]:
    """The trial balance: account, currency, debit and credit totals in minor units."""
    moved = select(
        entries.c.debit_account.label("account"),
        entries.c.currency,
        entries.c.amount_minor.label("debit_minor"),
        literal(0, BigInteger).label("credit_minor"),
        entries.c.booked_on,
    ).union_all(
        select(
            entries.c.credit_account,
            entries.c.currency,
            literal(0, BigInteger),
            entries.c.amount_minor,
            entries.c.booked_on,
        )
    )
    sides = moved.subquery()
    query = select(
        sides.c.account,
        sides.c.currency,
        func.sum(sides.c.debit_minor).label("debit_minor"),
        func.sum(sides.c.credit_minor).label("credit_minor"),
    ).group_by(sides.c.account, sides.c.currency)
    if through is not None:
        query = query.where(sides.c.booked_on <= through)
    return list(session.execute(query.order_by(sides.c.account, sides.c.currency)))
