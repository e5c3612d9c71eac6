"""What is done with dependants: they join a member's family, and leave it. The member is announced anew."""

from uuid import UUID

from sqlmodel import Session

from services.kit import audit, clock
from services.kit.principals import Principal
from services.registry.dependants import queries
from services.registry.dependants.models import Dependant
from services.registry.dependants.problems import DependantAlreadyThere
from services.registry.dependants.rules import ensure_kind_fits
from services.registry.dependants.schemas import DependantIn, EndingIn, columns_of
from services.registry.members import Member, ensure_was_born, lock_member, touch


def add_dependant(
    session: Session, member_id: UUID, given: DependantIn, *, by: Principal
) -> tuple[Dependant, Member]:
    """Add a person to a member's family.

    Raises NoSuchMember, RelationOfOtherKind, ImplausibleDate, DependantAlreadyThere.
    """
    ensure_kind_fits(given.relation, given.kind)
    ensure_was_born(given.birth_date, clock.business_today(session))
    member = lock_member(session, member_id, by)
    if queries.is_in_family(session, member_id, given):
        raise DependantAlreadyThere("This person is in the family already.")
    dependant = Dependant(member_id=member_id, recorded_by=by.subject, **columns_of(given))
    session.add(dependant)
    touch(session, member)
    audit.write(session, "dependants.add", member_id, by=by)
    return dependant, member


def end_dependant(
    session: Session, member_id: UUID, dependant_id: UUID, given: EndingIn, *, by: Principal
) -> tuple[Dependant, Member]:
    """Note the day with which a dependant leaves the family's cover; who is gone stays gone.

    Raises NoSuchMember, NoSuchDependant.
    """
    member = lock_member(session, member_id, by)
    dependant = queries.dependant(session, member_id, dependant_id)
    if dependant.ended_on is None:
        dependant.ended_on = given.ended_on
        touch(session, member)
        audit.write(session, "dependants.end", member_id, by=by, reason=given.reason)
    return dependant, member
