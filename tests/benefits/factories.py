"""Plain functions that make what a test needs; `given` replaces single fields. They commit."""

import itertools
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session

from services.benefits import fundings, members
from services.benefits.fundings import FundsReceived
from services.benefits.payout_accounts import SEALED_FOR, PayoutAccount
from services.kit import clock, ids, secrets, trees

_numbers = itertools.count(1)


def organisation(session: Session, *, parent_id: UUID | None = None) -> UUID:
    """An organisation as the registry announced it."""
    made = ids.new_id()
    trees.put(session, id=made, parent_id=parent_id, name="Costureras", kind="union", version=1)
    session.commit()
    return made


def member(session: Session, **given: Any) -> members.Member:
    """A member as the registry announced them; all sample documents begin with 999."""
    number = next(_numbers)
    row: dict[str, Any] = {
        "id": ids.new_id(),
        "version": 1,
        "member_number": f"{number:06d}",
        "organisation_id": UUID(int=1),
        "state": "active",
        "given_names": "Ana Sintética",
        "first_surname": "Muestra",
        "second_surname": "",
        "document_type": "C",
        "document_number": f"999{number:08d}",
    } | given
    members.remember(session, [row])
    session.commit()
    made = members.member(session, row["id"])
    assert made is not None
    return made


def account(session: Session, owner: members.Member, number: str = "12345678") -> PayoutAccount:
    """A bank account of a member, in force."""
    made = PayoutAccount(
        id=ids.new_id(),
        member_id=owner.id,
        organisation_id=owner.organisation_id,
        holder_name=owner.name,
        bic="XXXXDOSD",
        account_sealed=secrets.encrypt(number, purpose=SEALED_FOR),
        account_hint="…" + number[-4:],
        state="in_force",
        requested_by=ids.new_id(),
        requested_at=clock.now(),
        in_force_at=clock.now(),
    )
    session.add(made)
    session.commit()
    return made


def funds(session: Session, reference: str, amount_minor: int, **given: Any) -> None:
    """A bank line with benefit money, as contributions announced it."""
    announced = {
        "bank_line_id": ids.new_id(),
        "reference": reference,
        "amount_minor": amount_minor,
        "currency": "DOP",
        "value_on": date(2026, 7, 20),
    } | given
    fundings.receive(session, FundsReceived.model_validate(announced))
    session.commit()


def rows(session: Session, sql: str, **given: Any) -> list[Any]:
    """What the database says, past any object in hand."""
    return list(session.execute(text(sql), given))


def balances(session: Session) -> dict[str, int]:
    """Each account's debits less its credits, in minor units; accounts at zero are left out."""
    found = rows(
        session,
        "SELECT account, sum(amount)::bigint AS amount FROM ("
        " SELECT debit_account AS account, amount_minor AS amount FROM ledger_entries"
        " UNION ALL SELECT credit_account, -amount_minor FROM ledger_entries) moved"
        " GROUP BY account HAVING sum(amount) <> 0",
    )
    return {row.account: row.amount for row in found}


def announced(session: Session, name: str) -> list[Any]:
    """The data of the events of this name, in their order."""
    found = rows(session, "SELECT data FROM outbox WHERE name = :name ORDER BY position", name=name)
    return [row.data for row in found]
