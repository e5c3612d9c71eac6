"""SQL of bank orders."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session, col, select

from services.benefits.bank_orders.models import BankOrder, BankOrderLine, Confirmation
from services.benefits.db import among


def add(session: Session, order: BankOrder, lines: Sequence[BankOrderLine]) -> None:
    session.add(order)
    session.flush()
    session.add_all(lines)
    session.flush()


def order(session: Session, order_id: UUID) -> BankOrder | None:
    return session.get(BankOrder, order_id)


def listed(
    session: Session, *, disbursement_id: UUID | None, after: UUID | None, limit: int
) -> list[BankOrder]:
    """Orders, oldest first."""
    query = select(BankOrder).order_by(col(BankOrder.id)).limit(limit)
    if disbursement_id is not None:
        query = query.where(BankOrder.disbursement_id == disbursement_id)
    if after is not None:
        query = query.where(col(BankOrder.id) > after)
    return list(session.exec(query))


def counts(session: Session, orders: Sequence[BankOrder]) -> dict[UUID, dict[str, int]]:
    """How many lines of each order were answered how; `ordered` are those without an answer."""
    rows = session.execute(
        text(
            "SELECT line.order_id, coalesce(answer.outcome, 'ordered') AS outcome, count(*)"
            " FROM bank_order_lines line"
            " LEFT JOIN LATERAL (SELECT outcome FROM confirmations WHERE reference = line.reference"
            "  ORDER BY recorded_at DESC, outcome DESC LIMIT 1) answer ON true"
            " WHERE line.order_id = ANY(:ids) GROUP BY 1, 2 ORDER BY 1, 2"
        ),
        {"ids": [one.id for one in orders]},
    )
    counted: dict[UUID, dict[str, int]] = {one.id: {} for one in orders}
    for order_id, outcome, count in rows:
        counted[order_id][outcome] = count
    return counted


def payouts_on(session: Session, order_id: UUID, references: Sequence[str]) -> dict[str, UUID]:
    """The payout of each of these lines, as far as the order has them."""
    query = select(BankOrderLine.reference, BankOrderLine.payout_id).where(
        BankOrderLine.order_id == order_id, col(BankOrderLine.reference).in_(references)
    )
    return dict(session.exec(query).all())


def answered(session: Session, payout_ids: Sequence[UUID]) -> set[tuple[str, str]]:
    """The answers known of these payouts' lines: reference and outcome."""
    query = (
        select(Confirmation.reference, Confirmation.outcome)
        .join(BankOrderLine, col(BankOrderLine.reference) == Confirmation.reference)
        .where(among(BankOrderLine.payout_id, payout_ids))
    )
    return set(session.exec(query).all())
