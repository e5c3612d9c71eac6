"""SQL of contacts."""

from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session, col, select

from gateway.messages.contacts.models import Contact

_FIELDS = tuple(Contact.model_fields)

_REMEMBER = text(
    f"INSERT INTO contacts ({', '.join(_FIELDS)}) VALUES ({', '.join(f':{f}' for f in _FIELDS)})"
    f" ON CONFLICT (member_id) DO UPDATE SET {', '.join(f'{f} = excluded.{f}' for f in _FIELDS[1:])}"
    " WHERE contacts.version < excluded.version"
)


def remember(session: Session, rows: list[dict[str, Any]]) -> None:
    """Take the newest announced state of members, in order of id, as every lock on several is taken."""
    if rows:
        session.execute(_REMEMBER, sorted(rows, key=lambda row: str(row["member_id"])))


def contact(session: Session, member_id: UUID) -> Contact | None:
    return session.get(Contact, member_id)


def contacts_at(session: Session, phone: str) -> list[Contact]:
    """The members with this phone, the longest known first: families share one."""
    query = select(Contact).where(Contact.phone == phone).order_by(col(Contact.member_id)).limit(50)
    return list(session.exec(query))
