"""HTTP face of bank orders: list them, fetch their files, take in the bank's answers."""

from collections.abc import Sequence
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Response, UploadFile

from services.benefits.auth import DisbursementsReader, Treasurer
from services.benefits.bank_orders import queries, service
from services.benefits.bank_orders.models import BankOrder, Outcome
from services.benefits.bank_orders.problems import NoSuchBankOrder
from services.benefits.bank_orders.schemas import (
    BankOrderOut,
    BankOrdersOut,
    ConfirmationsIn,
    ConfirmedOut,
    RefusedLine,
)
from services.benefits.bank_orders.sheets import read_answers
from services.benefits.db import SessionDep
from services.kit import audit
from services.kit.paging import PageDep
from services.kit.problems import documented
from services.kit.sheets import WHEN_READING

router = APIRouter(prefix="/v1/bank-orders", tags=["bank orders"])

_TYPES = {"csv": "text/csv; charset=utf-8", "xml": "application/xml"}


@router.get("", responses=documented())
def list_bank_orders(
    reader: DisbursementsReader,
    page: PageDep,
    session: SessionDep,
    disbursement_id: Annotated[UUID | None, Query()] = None,
) -> BankOrdersOut:
    """Orders to the bank, oldest first. They are drawn when a release is approved."""
    found = queries.listed(session, disbursement_id=disbursement_id, after=page.after, limit=page.limit)
    page.link_next(found[-1].id if found else None, len(found))
    counts = queries.counts(session, found)
    return BankOrdersOut(items=[BankOrderOut.of(order, counts[order.id]) for order in found])


@router.get("/{order_id}", responses=documented(NoSuchBankOrder))
def show_bank_order(order_id: UUID, reader: DisbursementsReader, session: SessionDep) -> BankOrderOut:
    """One order."""
    order = _order(session, order_id)
    return BankOrderOut.of(order, queries.counts(session, [order])[order.id])


@router.get("/{order_id}/file", response_class=Response, responses=documented(NoSuchBankOrder))
def fetch_file(
    order_id: UUID,
    treasurer: Treasurer,
    session: SessionDep,
    kind: Annotated[Literal["csv", "xml"], Query(alias="format")] = "xml",
) -> Response:
    """The order's file for the bank, always the same bytes: pain.001.001.09, or CSV. It is noted who
    fetched it.
    """
    order = _order(session, order_id)
    audit.write(session, "bank_orders.fetch", order_id, by=treasurer, details={"format": kind})
    named = f'attachment; filename="order-{order.id.hex}.{kind}"'
    headers = {"Content-Disposition": named, "Cache-Control": "no-store"}
    return Response(service.file_of(order, kind), media_type=_TYPES[kind], headers=headers)


@router.post("/{order_id}/confirmations", responses=documented(NoSuchBankOrder))
def confirm(
    order_id: UUID, given: ConfirmationsIn, treasurer: Treasurer, session: SessionDep
) -> ConfirmedOut:
    """What the bank says of the order's lines. Each answer has one effect, however often it is sent."""
    done = service.confirm(session, order_id, enumerate(given.items, start=1), by=treasurer)
    return _confirmed(done)


@router.post("/{order_id}/confirmation-files", responses=documented(NoSuchBankOrder, *WHEN_READING))
def confirm_by_file(
    order_id: UUID, file: UploadFile, treasurer: Treasurer, session: SessionDep
) -> ConfirmedOut:
    """The same as a CSV or XLSX file: columns reference, outcome, bank_reference, reason, value_on."""
    answers, unread = read_answers(file.file, file.filename)
    return _confirmed(service.confirm(session, order_id, answers, by=treasurer), unread)


def _order(session: SessionDep, order_id: UUID) -> BankOrder:
    order = queries.order(session, order_id)
    if order is None:
        raise NoSuchBankOrder(f"No bank order has the id {order_id}.")
    return order


def _confirmed(done: service.Confirmed, unread: Sequence[RefusedLine] = ()) -> ConfirmedOut:
    return ConfirmedOut(
        paid=len(done.by_outcome[Outcome.PAID]),
        failed=len(done.by_outcome[Outcome.FAILED]),
        returned=len(done.by_outcome[Outcome.RETURNED]),
        repeated=done.repeated,
        refused=sorted([*unread, *done.refused], key=lambda refused: refused.line),
    )
