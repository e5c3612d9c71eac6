"""HTTP face of exits and returns. An exit is agreed to through `/v1/approvals`."""

from uuid import UUID

from fastapi import APIRouter, Response

from services.kit import etags
from services.kit.approvals_api import ApprovalOut
from services.kit.problems import documented
from services.registry.auth import Promoter
from services.registry.db import SessionDep
from services.registry.exits import problems, service
from services.registry.exits.schemas import ExitIn, ReturnIn
from services.registry.members import NoSuchMember, RegisteredOut

router = APIRouter(prefix="/v1/members/{member_id}", tags=["members"])


@router.post("/exits", status_code=202, responses=documented(NoSuchMember, problems.NotAMember))
def ask_to_leave(member_id: UUID, given: ExitIn, promoter: Promoter, session: SessionDep) -> ApprovalOut:
    """Ask that a member leave; another person must agree."""
    return ApprovalOut.of(service.ask_to_leave(session, member_id, given, by=promoter))


@router.post("/returns", status_code=201, responses=documented(NoSuchMember, problems.NotOut))
def come_back(
    member_id: UUID, given: ReturnIn, promoter: Promoter, session: SessionDep, response: Response
) -> RegisteredOut:
    """Take back who has left; a second person verifies them anew."""
    member = service.come_back(session, member_id, given, by=promoter)
    etags.show_version(response, member.version)
    return RegisteredOut.of(member)
