"""Opening cases by hand, before the agency pays. What it pays for unannounced, `matching` opens."""

from sqlmodel import Session

from services.benefits.cases import queries
from services.benefits.cases.models import Case
from services.benefits.cases.problems import CaseOfAnother, UnknownMember
from services.benefits.cases.schemas import CaseIn
from services.benefits.members import member
from services.kit import audit, clock
from services.kit.ids import new_id
from services.kit.principals import Principal


def open_case(session: Session, given: CaseIn, *, by: Principal) -> Case:
    """Note a case; the same number for the same member and benefit again answers the first.

    Raises UnknownMember, CaseOfAnother.
    """
    queries.lock_numbers(session, given.agency)
    owner = member(session, given.member_id)
    if owner is None:
        raise UnknownMember(f"No member has the id {given.member_id}.")
    known = queries.cases(session, given.agency, [given.case_number]).get(given.case_number)
    if known is not None:
        if (known.member_id, known.benefit) != (given.member_id, given.benefit):
            raise CaseOfAnother("Check the agency's case number.")
        return known
    case = Case(
        **given.model_dump(),
        id=new_id(),
        organisation_id=owner.organisation_id,
        opened_by=by.subject,
        opened_at=clock.now(),
    )
    queries.add(session, [case])
    audit.write(session, "cases.open", case.id, by=by)
    return case
