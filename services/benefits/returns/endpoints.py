"""HTTP face of returns: giving money back to the State, and noting that it left."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query

from services.benefits.auth import BenefitsOfficer, DisbursementsReader, MatchingClerk, Treasurer
from services.benefits.db import SessionDep
from services.benefits.matching import NoSuchItem, NotInQuarantine
from services.benefits.payouts import NoSuchPayout, PayoutNotThere
from services.benefits.returns import queries, service
from services.benefits.returns.problems import NoSuchReturn, NotFunded, SentOtherwise
from services.benefits.returns.schemas import ReturnIn, ReturnOut, ReturnsOut, TransferIn
from services.kit.approvals_api import ApprovalOut
from services.kit.paging import PageDep
from services.kit.problems import documented

router = APIRouter(prefix="/v1", tags=["returns"])


@router.post(
    "/items/{item_id}/returns",
    status_code=201,
    responses=documented(NoSuchItem, NotInQuarantine, NotFunded),
)
def return_item(item_id: UUID, given: ReturnIn, clerk: MatchingClerk, session: SessionDep) -> ReturnOut:
    """Give a quarantined item back to its agency; the same again answers the first."""
    return ReturnOut.of(service.return_item(session, item_id, given.reason, by=clerk))


@router.post(
    "/payouts/{payout_id}/returns",
    status_code=201,
    responses=documented(NoSuchPayout, PayoutNotThere),
)
def ask_for_return(
    payout_id: UUID, given: ReturnIn, officer: BenefitsOfficer, session: SessionDep
) -> ApprovalOut:
    """Ask a second person to give a payout that cannot be made back to the State."""
    return ApprovalOut.of(service.ask_for_return(session, payout_id, given.reason, by=officer))


@router.get("/returns", responses=documented())
def list_returns(
    reader: DisbursementsReader,
    page: PageDep,
    session: SessionDep,
    state: Annotated[Literal["unsent"] | None, Query()] = None,
    disbursement_id: Annotated[UUID | None, Query()] = None,
) -> ReturnsOut:
    """Money given back, oldest first; `state=unsent` has not left the bank yet."""
    found = queries.listed(
        session,
        unsent=state is not None,
        disbursement_id=disbursement_id,
        after=page.after,
        limit=page.limit,
    )
    page.link_next(found[-1].id if found else None, len(found))
    return ReturnsOut(items=[ReturnOut.of(row) for row in found])


@router.post(
    "/returns/{return_id}/transfers",
    status_code=201,
    responses=documented(NoSuchReturn, SentOtherwise),
)
def note_transfer(return_id: UUID, given: TransferIn, treasurer: Treasurer, session: SessionDep) -> ReturnOut:
    """Note that returned money left the bank; the same again answers the first."""
    row = service.note_transfer(session, return_id, given.bank_reference, given.sent_on, by=treasurer)
    return ReturnOut.of(row)
