"""HTTP face of dependants."""

from uuid import UUID

from fastapi import APIRouter, Response

from services.kit import etags
from services.kit.problems import documented
from services.registry.auth import Promoter
from services.registry.db import SessionDep
from services.registry.dependants import problems, service
from services.registry.dependants.schemas import DependantIn, DependantOut, EndingIn
from services.registry.members import NoSuchMember

router = APIRouter(prefix="/v1/members/{member_id}/dependants", tags=["dependants"])


@router.post("", status_code=201, responses=documented(NoSuchMember, *problems.WHEN_ADDING))
def add_dependant(
    member_id: UUID, given: DependantIn, promoter: Promoter, session: SessionDep, response: Response
) -> DependantOut:
    """Add a person to a member's family."""
    dependant, member = service.add_dependant(session, member_id, given, by=promoter)
    etags.show_version(response, member.version)
    return DependantOut.of(dependant, member_version=member.version)


@router.post(
    "/{dependant_id}/endings",
    status_code=201,
    responses=documented(NoSuchMember, problems.NoSuchDependant),
)
def end_dependant(
    member_id: UUID,
    dependant_id: UUID,
    given: EndingIn,
    promoter: Promoter,
    session: SessionDep,
    response: Response,
) -> DependantOut:
    """Note the day with which a dependant leaves the family's cover."""
    dependant, member = service.end_dependant(session, member_id, dependant_id, given, by=promoter)
    etags.show_version(response, member.version)
    return DependantOut.of(dependant, member_version=member.version)
