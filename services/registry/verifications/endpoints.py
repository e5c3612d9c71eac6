"""HTTP face of verifications."""

from uuid import UUID

from fastapi import APIRouter

from services.kit.problems import documented
from services.registry.auth import Verifier
from services.registry.db import SessionDep
from services.registry.members import NoSuchMember
from services.registry.verifications import problems, service
from services.registry.verifications.schemas import VerificationOut

router = APIRouter(prefix="/v1/members/{member_id}/verifications", tags=["verifications"])


@router.post("", status_code=201, responses=documented(NoSuchMember, *problems.WHEN_VERIFYING))
def verify_member(member_id: UUID, verifier: Verifier, session: SessionDep) -> VerificationOut:
    """Confirm, as another person than who wrote it, that a member is who the papers say."""
    return VerificationOut.of(service.verify_member(session, member_id, by=verifier))
