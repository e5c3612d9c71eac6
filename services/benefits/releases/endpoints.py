"""HTTP face of releases: asking for them. The second person decides at `/v1/approvals`."""

from uuid import UUID

from fastapi import APIRouter

from services.benefits.auth import BenefitsOfficer
from services.benefits.db import SessionDep
from services.benefits.disbursements import NoSuchDisbursement
from services.benefits.payouts import NoSuchPayout, PayoutNotThere
from services.benefits.releases import service
from services.benefits.releases.problems import NotFunded, NothingToRelease
from services.benefits.releases.schemas import ReissueIn
from services.kit.approvals_api import ApprovalOut
from services.kit.problems import documented

router = APIRouter(prefix="/v1", tags=["releases"])


@router.post(
    "/disbursements/{disbursement_id}/releases",
    status_code=201,
    responses=documented(NoSuchDisbursement, NotFunded, NothingToRelease),
)
def ask_for_release(disbursement_id: UUID, officer: BenefitsOfficer, session: SessionDep) -> ApprovalOut:
    """Ask a second person to release what can be of a disbursement; later matches need another."""
    return ApprovalOut.of(service.ask_for_release(session, disbursement_id, by=officer))


@router.post(
    "/payouts/{payout_id}/reissues",
    status_code=201,
    responses=documented(NoSuchPayout, PayoutNotThere),
)
def ask_for_reissue(
    payout_id: UUID, given: ReissueIn, officer: BenefitsOfficer, session: SessionDep
) -> ApprovalOut:
    """Ask a second person to send out a payout that failed once more."""
    asked = service.ask_for_reissue(session, payout_id, by=officer, reason=given.reason)
    return ApprovalOut.of(asked)
