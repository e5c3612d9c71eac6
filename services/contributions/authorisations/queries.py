"""SQL of authorisations."""

from datetime import date
from typing import Any

from sqlalchemy import or_, text
from sqlmodel import Session, col, select

from services.contributions.authorisations.models import Authorisation

_FIELDS = list(Authorisation.model_fields)

_REMEMBER = text(
    f"INSERT INTO authorisations ({', '.join(_FIELDS)}) VALUES ({', '.join(f':{f}' for f in _FIELDS)})"
    f" ON CONFLICT (id) DO UPDATE SET {', '.join(f'{f} = excluded.{f}' for f in _FIELDS[1:])}"
    " WHERE authorisations.version < excluded.version"
)


def remember(session: Session, row: dict[str, Any]) -> None:
    """Take an authorisation's announced state, if it is newer than what is known."""
    session.execute(_REMEMBER, row)


def authorisation_on(session: Session, scheme: str, day: date) -> Authorisation | None:
    """The authorisation in force for a scheme on a day: the one that began last."""
    return session.exec(
        select(Authorisation)
        .where(
            Authorisation.scheme == scheme,
            Authorisation.state == "in_force",
            Authorisation.valid_from <= day,
            or_(col(Authorisation.expires_on).is_(None), col(Authorisation.expires_on) >= day),
        )
        .order_by(col(Authorisation.valid_from).desc(), col(Authorisation.id).desc())
        .limit(1)
    ).one_or_none()
