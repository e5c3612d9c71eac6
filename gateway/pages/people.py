"""Names of members of staff, where a service knows only their id."""

from collections.abc import Iterable
from uuid import UUID

from sqlmodel import Session, col, select

from gateway.db import engine
from gateway.identity.staff.models import StaffMember


def names_of(ids: Iterable[UUID]) -> dict[UUID, str]:
    """The names of these people; who is not on the staff (a system, the console) is left out."""
    with Session(engine()) as session:
        found = session.exec(
            select(StaffMember.id, StaffMember.name).where(col(StaffMember.id).in_(set(ids)))
        )
        return dict(found.all())
