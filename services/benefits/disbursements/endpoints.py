"""HTTP face of disbursements: for the agency that announces them, and for the staff that look on."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from services.benefits.auth import Agency, DisbursementsReader
from services.benefits.db import SessionDep
from services.benefits.disbursements import queries, service
from services.benefits.disbursements.models import Disbursement, DisbursementState, ItemState
from services.benefits.disbursements.problems import (
    WHEN_LISTING_ITEMS,
    NoSuchDisbursement,
    ReferenceReused,
)
from services.benefits.disbursements.schemas import (
    CountedOut,
    DisbursementIn,
    DisbursementOut,
    DisbursementsOut,
    ItemOut,
    ItemsIn,
    ItemsOut,
    ItemsTakenOut,
    ItemStatusOut,
    StatusOut,
)
from services.kit import clock
from services.kit.money import Money
from services.kit.paging import PageDep
from services.kit.problems import Problem, answer, documented

agency_router = APIRouter(prefix="/agency/v1/disbursements", tags=["agencies"])
router = APIRouter(prefix="/v1/disbursements", tags=["disbursements"])

StateFilter = Annotated[DisbursementState | None, Query()]


@agency_router.post("", status_code=201, responses=documented(ReferenceReused))
def announce(given: DisbursementIn, agency: Agency, session: SessionDep) -> DisbursementOut:
    """Declare a disbursement before listing its items; the same again answers the first."""
    return DisbursementOut.of(service.announce(session, given, agency=agency))


@agency_router.get("", responses=documented())
def list_announced(
    agency: Agency, page: PageDep, session: SessionDep, state: StateFilter = None
) -> DisbursementsOut:
    """What your agency has announced, oldest first."""
    found = queries.listed(session, agency=agency.agency, state=state, after=page.after, limit=page.limit)
    page.link_next(found[-1].id if found else None, len(found))
    return DisbursementsOut(items=[DisbursementOut.of(row) for row in found])


@agency_router.post(
    "/{disbursement_id}/items",
    response_model=ItemsTakenOut,
    responses=documented(*WHEN_LISTING_ITEMS),
)
def list_items(
    disbursement_id: UUID, given: ItemsIn, agency: Agency, session: SessionDep
) -> ItemsTakenOut | Response:
    """List items, in batches. Items sent before change nothing; more than was declared refuses all."""
    done = service.take_items(session, disbursement_id, given.items, agency=agency)
    if isinstance(done, Problem):
        return answer(done)
    row = done.disbursement
    return ItemsTakenOut(
        taken=done.taken,
        repeated=done.repeated,
        item_count=row.item_count,
        item_total=Money(row.item_total_minor, row.currency),
        declared_count=row.declared_count,
        declared_total=Money(row.declared_total_minor, row.currency),
    )


@agency_router.get("/{disbursement_id}", responses=documented(NoSuchDisbursement))
def show_status(disbursement_id: UUID, agency: Agency, page: PageDep, session: SessionDep) -> StatusOut:
    """How far your disbursement is, and each of its items."""
    row = _found(queries.disbursement(session, disbursement_id, agency=agency.agency))
    items = queries.traced(session, disbursement_id=row.id, after=page.after, limit=page.limit)
    page.link_next(items[-1].item.id if items else None, len(items))
    return StatusOut(
        **DisbursementOut.of(row).model_dump(),
        benefit=row.benefit,
        counts=queries.counts(session, row.id),
        items=[ItemStatusOut.of(traced) for traced in items],
    )


@router.get("", responses=documented())
def list_disbursements(
    reader: DisbursementsReader, page: PageDep, session: SessionDep, state: StateFilter = None
) -> DisbursementsOut:
    """All disbursements, oldest first."""
    found = queries.listed(session, agency=None, state=state, after=page.after, limit=page.limit)
    page.link_next(found[-1].id if found else None, len(found))
    return DisbursementsOut(items=[DisbursementOut.of(row) for row in found])


@router.get("/{disbursement_id}", responses=documented(NoSuchDisbursement))
def show_disbursement(disbursement_id: UUID, reader: DisbursementsReader, session: SessionDep) -> CountedOut:
    """One disbursement, with how many of its items stand where."""
    row = _found(queries.disbursement(session, disbursement_id))
    return CountedOut(
        **DisbursementOut.of(row).model_dump(),
        benefit=row.benefit if reader.may("benefits:read_health") else None,
        counts=queries.counts(session, row.id),
    )


@router.get("/{disbursement_id}/items", responses=documented(NoSuchDisbursement))
def list_items_of(
    disbursement_id: UUID,
    reader: DisbursementsReader,
    page: PageDep,
    session: SessionDep,
    state: Annotated[ItemState | None, Query()] = None,
) -> ItemsOut:
    """A disbursement's items, in the order of their coming; documents masked."""
    row = _found(queries.disbursement(session, disbursement_id))
    found = queries.traced(session, disbursement_id=row.id, state=state, after=page.after, limit=page.limit)
    page.link_next(found[-1].item.id if found else None, len(found))
    today = clock.business_today(session)
    return ItemsOut(items=[ItemOut.of(traced, today=today, masked=True) for traced in found])


def _found(row: Disbursement | None) -> Disbursement:
    if row is None:
        raise NoSuchDisbursement
    return row
