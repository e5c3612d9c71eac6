"""SQL of dependants."""

from uuid import UUID

from sqlmodel import Session, and_, col, func, or_, select

from services.registry.dependants.models import Dependant
from services.registry.dependants.problems import NoSuchDependant
from services.registry.dependants.schemas import DependantIn


def dependant(session: Session, member_id: UUID, dependant_id: UUID) -> Dependant:
    """One dependant of a member. Raises NoSuchDependant."""
    found = session.get(Dependant, dependant_id)
    if found is None or found.member_id != member_id:
        raise NoSuchDependant(f"No dependant of this member has the id {dependant_id}.")
    return found


def is_in_family(session: Session, member_id: UUID, given: DependantIn) -> bool:
    """Whether the family has this person: by document, or by names and birth date."""
    same_person = and_(
        func.lower(Dependant.given_names) == func.lower(given.given_names),
        func.lower(Dependant.first_surname) == func.lower(given.first_surname),
        Dependant.birth_date == given.birth_date,
    )
    if given.document is not None:
        same_document = and_(
            Dependant.document_number == given.document.number, Dependant.document_type == given.document.type
        )
        same_person = or_(same_person, same_document)
    query = select(Dependant.id).where(
        Dependant.member_id == member_id, col(Dependant.ended_on).is_(None), same_person
    )
    return session.exec(query.limit(1)).one_or_none() is not None
