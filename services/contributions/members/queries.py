"""SQL of the projection. Functions for hot paths take a psycopg connection."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from psycopg import Connection
from sqlalchemy import text
from sqlmodel import Session

from services.contributions.members.models import Member


@dataclass(frozen=True, slots=True)
class LockedAccount:
    """A member's account, held until the transaction ends."""

    member_id: UUID
    organisation_id: UUID
    currency: str
    credit_minor: int


LOCK_ACCOUNTS = """
SELECT account.member_id, member.organisation_id, account.currency, account.credit_minor
FROM member_accounts account JOIN members member ON member.id = account.member_id
WHERE account.member_id = ANY(%(member_ids)s::uuid[]) ORDER BY account.member_id
FOR NO KEY UPDATE OF account
"""
"""For those who send it together with what comes after the lock (`payments.posting`)."""


def locked_accounts(connection: Connection[Any], member_ids: Sequence[UUID]) -> dict[UUID, LockedAccount]:
    """Lock the accounts of these members in order of id; unknown members are missing from the answer.

    What is due must be read in a later statement: one that locks and reads at once would see the
    snapshot from before its wait, and two payments would settle one charge.
    """
    rows = connection.execute(LOCK_ACCOUNTS, {"member_ids": list(member_ids)}).fetchall()
    return {row[0]: LockedAccount(*row) for row in rows}


def remember(session: Session, rows: list[dict[str, Any]]) -> None:
    """Take the newest announced state of members; make the account of one seen for the first time."""
    session.execute(_REMEMBER, rows)
    session.execute(_OPEN_ACCOUNT, rows)


_FIELDS = list(Member.model_fields)

_REMEMBER = text(
    f"INSERT INTO members ({', '.join(_FIELDS)}) VALUES ({', '.join(f':{f}' for f in _FIELDS)})"
    f" ON CONFLICT (id) DO UPDATE SET {', '.join(f'{f} = excluded.{f}' for f in _FIELDS[1:])}"
    " WHERE members.version < excluded.version"
)

_OPEN_ACCOUNT = text(
    "INSERT INTO member_accounts (member_id, currency) VALUES (:id, :currency) ON CONFLICT DO NOTHING"
)
