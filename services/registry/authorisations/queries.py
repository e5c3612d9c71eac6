"""SQL of authorisations."""

from datetime import date
from typing import Any
from uuid import UUID

from psycopg import Connection
from sqlmodel import Session, col, or_, select

from services.registry.authorisations.models import Authorisation
from services.registry.authorisations.problems import NoSuchAuthorisation


def authorisation(session: Session, authorisation_id: UUID) -> Authorisation:
    """One authorisation. Raises NoSuchAuthorisation."""
    found = session.get(Authorisation, authorisation_id)
    if found is None:
        raise NoSuchAuthorisation(f"No authorisation has the id {authorisation_id}.")
    return found


def lock_authorisation(session: Session, authorisation_id: UUID) -> Authorisation:
    """One authorisation, held until the transaction ends. Raises NoSuchAuthorisation."""
    found = session.get(Authorisation, authorisation_id, with_for_update=True, populate_existing=True)
    if found is None:
        raise NoSuchAuthorisation(f"No authorisation has the id {authorisation_id}.")
    return found


def authorisations(session: Session, *, after: UUID | None, limit: int) -> list[Authorisation]:
    """All authorisations, oldest first."""
    query = select(Authorisation)
    if after is not None:
        query = query.where(col(Authorisation.id) > after)
    return list(session.exec(query.order_by(col(Authorisation.id)).limit(limit)))


def in_force(session: Session, on: date, *, scheme: str | None = None) -> Authorisation | None:
    """The authorisation in force on a day: of several, the one that began last."""
    query = select(Authorisation).where(
        Authorisation.state == "in_force",
        Authorisation.valid_from <= on,
        or_(col(Authorisation.expires_on).is_(None), col(Authorisation.expires_on) >= on),
    )
    if scheme is not None:
        query = query.where(Authorisation.scheme == scheme)
    newest_first = query.order_by(col(Authorisation.valid_from).desc(), col(Authorisation.id).desc())
    return session.exec(newest_first.limit(1)).one_or_none()


def wage_floor(connection: Connection[Any], on: date) -> tuple[int, str] | None:
    """The least that may be declared on a day, in minor units, and its currency; None without one."""
    return connection.execute(WAGE_FLOOR, {"on": on}).fetchone()


WAGE_FLOOR = """
SELECT minimum_wage_minor, currency FROM authorisations
WHERE state = 'in_force' AND valid_from <= %(on)s AND (expires_on IS NULL OR expires_on >= %(on)s)
ORDER BY valid_from DESC, id DESC LIMIT 1
"""
