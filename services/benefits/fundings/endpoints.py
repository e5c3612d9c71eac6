"""HTTP face of fundings: bank lines with benefit money, and those that nobody has claimed yet."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query

from services.benefits.auth import BenefitsOfficer, DisbursementsReader
from services.benefits.db import SessionDep
from services.benefits.disbursements import NoSuchDisbursement
from services.benefits.fundings import queries, service
from services.benefits.fundings.problems import AmountDiffers, CannotBeFunded, FundingTaken, NoSuchFunding
from services.benefits.fundings.schemas import AssignmentIn, FundingOut, FundingsOut
from services.kit.paging import PageDep
from services.kit.problems import documented

router = APIRouter(prefix="/v1/fundings", tags=["fundings"])

WHEN_ASSIGNING = (NoSuchFunding, NoSuchDisbursement, FundingTaken, CannotBeFunded, AmountDiffers)


@router.get("", responses=documented())
def list_fundings(
    reader: DisbursementsReader,
    page: PageDep,
    session: SessionDep,
    state: Annotated[Literal["unclaimed"] | None, Query()] = None,
) -> FundingsOut:
    """Bank lines with benefit money, oldest first; `state=unclaimed` waits for its disbursement."""
    found = queries.listed(session, unclaimed=state is not None, after=page.after, limit=page.limit)
    page.link_next(found[-1][0].id if found else None, len(found))
    return FundingsOut(items=[FundingOut.of(funding, claimant) for funding, claimant in found])


@router.post("/{funding_id}/assignments", status_code=201, responses=documented(*WHEN_ASSIGNING))
def assign_funding(
    funding_id: UUID, given: AssignmentIn, officer: BenefitsOfficer, session: SessionDep
) -> FundingOut:
    """Say which disbursement a bank line pays for, where its reference does not. Amounts must agree."""
    funding, claimant = service.assign_by_hand(session, funding_id, given.disbursement_id, by=officer)
    return FundingOut.of(funding, claimant)
