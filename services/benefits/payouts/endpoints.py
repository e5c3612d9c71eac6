"""HTTP face of payouts: reading them. What is done to them stands with releases, cash and returns."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from services.benefits.auth import BenefitsReader
from services.benefits.db import SessionDep
from services.benefits.members import member
from services.benefits.payouts import queries
from services.benefits.payouts.models import Channel, State
from services.benefits.payouts.problems import NoSuchPayout
from services.benefits.payouts.schemas import BenefitOut, BenefitsOut, PayoutOut, PayoutsOut
from services.kit import audit, clock, trees
from services.kit.paging import PageDep
from services.kit.problems import NotFound, documented

router = APIRouter(tags=["payouts"])


@router.get("/v1/payouts", responses=documented())
def list_payouts(
    reader: BenefitsReader,
    page: PageDep,
    session: SessionDep,
    state: Annotated[State | None, Query()] = None,
    channel: Annotated[Channel | None, Query()] = None,
    disbursement_id: Annotated[UUID | None, Query()] = None,
    member_id: Annotated[UUID | None, Query()] = None,
) -> PayoutsOut:
    """Payouts that you may see, oldest first: `state=ordered&channel=cash` is what nobody has claimed."""
    found = queries.listed(
        session,
        reader,
        after=page.after,
        limit=page.limit,
        state=state,
        channel=channel,
        disbursement_id=disbursement_id,
        member_id=member_id,
    )
    page.link_next(found[-1].id if found else None, len(found))
    today = clock.business_today(session)
    return PayoutsOut(items=[PayoutOut.of(payout, today) for payout in found])


@router.get("/v1/payouts/{payout_id}", responses=documented(NoSuchPayout))
def show_payout(payout_id: UUID, reader: BenefitsReader, session: SessionDep) -> PayoutOut:
    """One payout."""
    found = queries.payout(session, payout_id, reader)
    if found is None:
        raise NoSuchPayout
    return PayoutOut.of(found, clock.business_today(session))


@router.get("/v1/members/{member_id}/benefits", responses=documented(NotFound))
def show_benefits(member_id: UUID, reader: BenefitsReader, page: PageDep, session: SessionDep) -> BenefitsOut:
    """A member's benefits, oldest first. The reading is noted in the audit.

    What they are for is shown only to whoever may read health data.
    """
    owner = member(session, member_id)
    if owner is None or not trees.reaches(session, reader, owner.organisation_id):
        raise NotFound("There is no such member, or they are not yours to see.")
    found = queries.benefits_of(session, member_id, reader, after=page.after, limit=page.limit)
    page.link_next(found[-1][0].id if found else None, len(found))
    with_health = reader.may("benefits:read_health")
    audit.write(session, "benefits.read_health" if with_health else "benefits.read", member_id, by=reader)
    today = clock.business_today(session)
    return BenefitsOut(
        member_id=member_id,
        items=[BenefitOut.of(payout, case, today=today, with_health=with_health) for payout, case in found],
    )
