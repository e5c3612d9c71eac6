"""HTTP face of phone reviews."""

from uuid import UUID

from fastapi import APIRouter, Response

from services.kit import etags
from services.kit.approvals import SamePersonTwice
from services.kit.problems import documented
from services.registry.auth import Verifier
from services.registry.db import SessionDep
from services.registry.members import NoSuchMember, RegisteredOut
from services.registry.phone_reviews import problems, service
from services.registry.phone_reviews.schemas import PhoneReviewIn

router = APIRouter(prefix="/v1/members/{member_id}/phone-reviews", tags=["members"])


@router.post(
    "", status_code=201, responses=documented(NoSuchMember, SamePersonTwice, problems.NothingToReview)
)
def let_phone_stand(
    member_id: UUID, given: PhoneReviewIn, verifier: Verifier, session: SessionDep, response: Response
) -> RegisteredOut:
    """Say, as another person than who registered the member, that a shared phone may stand."""
    member = service.let_phone_stand(session, member_id, given, by=verifier)
    etags.show_version(response, member.version)
    return RegisteredOut.of(member)
