"""SQL of disbursements and their items. Whoever works on one locks its row first."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import insert as plain_insert
from sqlalchemy import text
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, select

from services.benefits.disbursements.models import Disbursement, Item, ItemState, Traced
from services.benefits.payouts import Payout


def announce(session: Session, row: dict[str, Any]) -> bool:
    """Make a disbursement, unless its agency used the reference before; says whether it did."""
    made = session.execute(
        insert(Disbursement).values(row).on_conflict_do_nothing().returning(col(Disbursement.id))
    )
    return made.scalar_one_or_none() is not None


def by_reference(session: Session, agency: str, reference: str) -> Disbursement | None:
    query = select(Disbursement).where(Disbursement.agency == agency, Disbursement.reference == reference)
    return session.exec(query).one_or_none()


def disbursement(
    session: Session, disbursement_id: UUID, *, agency: str | None = None
) -> Disbursement | None:
    """A disbursement; with `agency`, only one that this agency announced."""
    query = select(Disbursement).where(Disbursement.id == disbursement_id)
    if agency is not None:
        query = query.where(Disbursement.agency == agency)
    return session.exec(query).one_or_none()


def lock_disbursement(
    session: Session, disbursement_id: UUID, *, agency: str | None = None
) -> Disbursement | None:
    """The same, held until the transaction ends."""
    query = select(Disbursement).where(Disbursement.id == disbursement_id)
    if agency is not None:
        query = query.where(Disbursement.agency == agency)
    query = query.with_for_update(key_share=True).execution_options(populate_existing=True)
    return session.exec(query).one_or_none()


def listed(
    session: Session, *, agency: str | None, state: str | None, after: UUID | None, limit: int
) -> list[Disbursement]:
    """Disbursements, oldest first; of one agency or of all."""
    query = select(Disbursement).order_by(col(Disbursement.id)).limit(limit)
    if agency is not None:
        query = query.where(Disbursement.agency == agency)
    if state is not None:
        query = query.where(Disbursement.state == state)
    if after is not None:
        query = query.where(col(Disbursement.id) > after)
    return list(session.exec(query))


def known_items(session: Session, disbursement_id: UUID, references: Sequence[str]) -> dict[str, bytes]:
    """The content hashes of items sent before, by reference."""
    query = select(Item.reference, Item.content_hash).where(
        Item.disbursement_id == disbursement_id, col(Item.reference).in_(references)
    )
    return {reference: bytes(hashed) for reference, hashed in session.exec(query)}


def add_items(session: Session, rows: list[dict[str, Any]]) -> None:
    session.execute(plain_insert(Item), rows)


def item(session: Session, item_id: UUID) -> Item | None:
    """An item as it stands now; whoever changes it holds its disbursement."""
    return session.get(Item, item_id, populate_existing=True)


def items_in(session: Session, disbursement_id: UUID, state: ItemState) -> list[Item]:
    """A disbursement's items in one state, in the order of their coming."""
    query = (
        select(Item)
        .where(Item.disbursement_id == disbursement_id, Item.state == state)
        .order_by(col(Item.id))
    )
    return list(session.exec(query.execution_options(populate_existing=True)))


def traced(
    session: Session,
    *,
    disbursement_id: UUID | None = None,
    state: ItemState | None = None,
    after: UUID | None,
    limit: int,
) -> list[Traced]:
    """Items with what became of them, in the order of their coming."""
    query = (
        select(Item, Disbursement, Payout)
        .join(Disbursement, col(Disbursement.id) == Item.disbursement_id)
        .outerjoin(Payout, col(Payout.item_id) == Item.id)
        .order_by(col(Item.id))
        .limit(limit)
    )
    if disbursement_id is not None:
        query = query.where(Item.disbursement_id == disbursement_id)
    if state is not None:
        query = query.where(Item.state == state)
    if after is not None:
        query = query.where(col(Item.id) > after)
    return [Traced(*row) for row in session.exec(query)]


def counts(session: Session, disbursement_id: UUID) -> dict[str, int]:
    """How many items of a disbursement stand where."""
    rows = session.execute(
        text(
            "SELECT CASE WHEN disbursement.state = 'refused' THEN 'refused'"
            "  ELSE coalesce(payout.state, item.state) END AS status, count(*) AS items"
            " FROM items item JOIN disbursements disbursement ON disbursement.id = item.disbursement_id"
            " LEFT JOIN payouts payout ON payout.item_id = item.id"
            " WHERE item.disbursement_id = :id GROUP BY 1 ORDER BY 1"
        ),
        {"id": disbursement_id},
    )
    return {row.status: row.items for row in rows}
