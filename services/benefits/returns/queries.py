"""SQL of returns."""

from uuid import UUID

from sqlmodel import Session, col, select

from services.benefits.returns.models import Return


def of_item(session: Session, item_id: UUID) -> Return | None:
    return session.exec(select(Return).where(Return.item_id == item_id)).one_or_none()


def lock_return(session: Session, return_id: UUID) -> Return | None:
    query = select(Return).where(Return.id == return_id).with_for_update(key_share=True)
    return session.exec(query.execution_options(populate_existing=True)).one_or_none()


def listed(
    session: Session, *, unsent: bool, disbursement_id: UUID | None, after: UUID | None, limit: int
) -> list[Return]:
    """Returns, oldest first; `unsent` are those whose money is still here."""
    query = select(Return).order_by(col(Return.id)).limit(limit)
    if unsent:
        query = query.where(col(Return.sent_on).is_(None))
    if disbursement_id is not None:
        query = query.where(Return.disbursement_id == disbursement_id)
    if after is not None:
        query = query.where(col(Return.id) > after)
    return list(session.exec(query))
