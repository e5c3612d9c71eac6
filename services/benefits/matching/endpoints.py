"""HTTP face of the quarantine: what waits there, and a clerk's match by hand."""

from uuid import UUID

from fastapi import APIRouter

from services.benefits.auth import MatchingClerk
from services.benefits.db import SessionDep
from services.benefits.disbursements import ItemOut, ItemsOut, ItemState, traced
from services.benefits.matching import service
from services.benefits.matching.problems import WHEN_MATCHING
from services.benefits.matching.schemas import MatchIn
from services.benefits.payouts import PayoutOut
from services.kit import audit, clock
from services.kit.paging import PageDep
from services.kit.problems import documented

router = APIRouter(prefix="/v1", tags=["quarantine"])


@router.get("/quarantine", responses=documented())
def list_quarantine(clerk: MatchingClerk, page: PageDep, session: SessionDep) -> ItemsOut:
    """Items that match nobody or fail a check, the oldest first. The reading is noted in the audit."""
    found = traced(session, state=ItemState.QUARANTINED, after=page.after, limit=page.limit)
    page.link_next(found[-1].item.id if found else None, len(found))
    audit.write(session, "quarantine.read", clerk.subject, by=clerk)
    today = clock.business_today(session)
    return ItemsOut(items=[ItemOut.of(one, today=today, masked=False) for one in found])


@router.post("/items/{item_id}/matches", status_code=201, responses=documented(*WHEN_MATCHING))
def match_item(item_id: UUID, given: MatchIn, clerk: MatchingClerk, session: SessionDep) -> PayoutOut:
    """Match a quarantined item to a member by hand; the same again answers the first match."""
    payout = service.match_by_hand(session, item_id, given.member_id, by=clerk, reason=given.reason)
    return PayoutOut.of(payout, clock.business_today(session))
