"""SQL of inbound messages and of opt-outs."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, select

from gateway.messages.inbound.models import InboundMessage
from services.kit import trees
from services.kit.principals import Principal


def add(session: Session, message: InboundMessage) -> bool:
    """Keep an SMS; says whether it is new, by its webhook's id."""
    row = insert(InboundMessage).values(message.model_dump())
    made = session.execute(
        row.on_conflict_do_nothing(index_elements=["webhook_id"]).returning(col(InboundMessage.id))
    )
    return made.one_or_none() is not None


def stop(session: Session, phone: str, *, at: datetime) -> None:
    """From now on only essential messages go to a phone."""
    session.execute(_STOP, {"phone": phone, "at": at})


def resume(session: Session, phone: str, *, at: datetime) -> None:
    """From now on all messages go to a phone again; for one that has them, no effect."""
    session.execute(_RESUME, {"phone": phone, "at": at})


def inbound(
    session: Session, principal: Principal, *, member_id: UUID | None, after: UUID | None, limit: int
) -> list[InboundMessage]:
    """What members wrote, as far as this person reaches, in the order in which it came."""
    query = select(InboundMessage).where(trees.within(col(InboundMessage.organisation_id), principal))
    if member_id is not None:
        query = query.where(InboundMessage.member_id == member_id)
    if after is not None:
        query = query.where(col(InboundMessage.id) > after)
    return list(session.exec(query.order_by(col(InboundMessage.id)).limit(limit)))


_STOP = text(
    "INSERT INTO opt_outs (phone, stopped_at) VALUES (:phone, :at)"
    " ON CONFLICT (phone) DO UPDATE SET stopped_at = excluded.stopped_at, resumed_at = NULL"
    " WHERE opt_outs.resumed_at IS NOT NULL"
)
_RESUME = text("UPDATE opt_outs SET resumed_at = :at WHERE phone = :phone AND resumed_at IS NULL")
