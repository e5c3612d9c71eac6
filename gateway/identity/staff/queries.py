"""SQL of staff."""

from uuid import UUID

from sqlalchemy import delete, update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, select

from gateway.identity.staff.models import RoleGrant, StaffMember, StaffRole
from gateway.identity.staff.problems import NoSuchPerson


def person(session: Session, staff_id: UUID) -> StaffMember:
    """One person. Raises NoSuchPerson."""
    found = session.get(StaffMember, staff_id)
    if found is None:
        raise NoSuchPerson()
    return found


def lock_person(session: Session, staff_id: UUID) -> StaffMember:
    """One person, held until the transaction ends. Raises NoSuchPerson."""
    query = select(StaffMember).where(StaffMember.id == staff_id).with_for_update()
    found = session.exec(query.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise NoSuchPerson()
    return found


def person_by_email(session: Session, email: str) -> StaffMember | None:
    return session.exec(select(StaffMember).where(StaffMember.email == email)).one_or_none()


def people(session: Session, *, after: UUID | None, limit: int) -> list[StaffMember]:
    """All people, oldest first."""
    query = select(StaffMember).order_by(col(StaffMember.id)).limit(limit)
    if after is not None:
        query = query.where(col(StaffMember.id) > after)
    return list(session.exec(query))


def roles(session: Session, staff_ids: list[UUID]) -> dict[UUID, list[str]]:
    """The roles that each of these people holds, in alphabetical order."""
    query = select(StaffRole).where(col(StaffRole.staff_id).in_(staff_ids)).order_by(StaffRole.role)
    held: dict[UUID, list[str]] = {staff_id: [] for staff_id in staff_ids}
    for row in session.exec(query):
        held[row.staff_id].append(row.role)
    return held


def give_role(session: Session, staff_id: UUID, role: str) -> None:
    """Give a role; one that is held already stays."""
    session.execute(insert(StaffRole).values(staff_id=staff_id, role=role).on_conflict_do_nothing())


def take_role(session: Session, staff_id: UUID, role: str) -> bool:
    """Take a role away; says whether it was held."""
    query = delete(StaffRole).where(col(StaffRole.staff_id) == staff_id, col(StaffRole.role) == role)
    return session.execute(query.returning(col(StaffRole.role))).one_or_none() is not None


def use_step(session: Session, staff_id: UUID, step: int) -> bool:
    """Use up a one-time code's step; False if it, or a later one, was used before.

    The person stays locked: who deactivates them waits, and then refuses what is made meanwhile.
    """
    query = (
        update(StaffMember)
        .where(
            col(StaffMember.id) == staff_id,
            col(StaffMember.state) == "active",
            col(StaffMember.totp_last_step) < step,
        )
        .values(totp_last_step=step)
        .returning(col(StaffMember.id))
        .execution_options(synchronize_session=False)
    )
    return session.execute(query).one_or_none() is not None


def lock_grant(session: Session, grant_id: UUID) -> RoleGrant:
    """A role that was asked for, held until the transaction ends."""
    return session.exec(select(RoleGrant).where(RoleGrant.id == grant_id).with_for_update()).one()


def pending_grant(session: Session, staff_id: UUID, role: str) -> RoleGrant | None:
    """The request for this role that waits for a decision, if one does."""
    query = select(RoleGrant).where(
        RoleGrant.staff_id == staff_id, RoleGrant.role == role, RoleGrant.state == "pending"
    )
    return session.exec(query).first()
