"""SQL of messages, as staff read them. Each takes the reader's reach."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, func
from sqlmodel import Session, col, select

from gateway.messages.models import Message
from services.kit import trees
from services.kit.principals import Principal


def messages(
    session: Session,
    principal: Principal,
    *,
    member_id: UUID | None,
    state: str | None,
    template: str | None,
    after: UUID | None,
    limit: int,
) -> list[Message]:
    """Messages within reach, in the order in which they were made."""
    query = select(Message).where(trees.within(col(Message.organisation_id), principal))
    for column, wanted in (
        (Message.member_id, member_id),
        (Message.state, state),
        (Message.template, template),
    ):
        if wanted is not None:
            query = query.where(col(column) == wanted)
    if after is not None:
        query = query.where(col(Message.id) > after)
    return list(session.exec(query.order_by(col(Message.id)).limit(limit)))


def lock_message(session: Session, id: UUID) -> Message | None:
    """One message, held until the transaction ends."""
    query = select(Message).where(Message.id == id).with_for_update(key_share=True)
    return session.exec(query).one_or_none()


def resent(session: Session, id: UUID) -> Message | None:
    """The message that repeats this one, if there is one."""
    return session.exec(select(Message).where(Message.resend_of == id)).one_or_none()


def figures(session: Session, principal: Principal) -> Sequence[Row[Any]]:
    """How many messages of each template are in each state, and how many of them the SMS gateway took."""
    query = (
        select(
            Message.template,
            Message.state,
            func.count().label("messages"),
            func.count(col(Message.sent_at)).label("sent"),
        )
        .where(trees.within(col(Message.organisation_id), principal))
        .group_by(Message.template, Message.state)
        .order_by(Message.template)
    )
    return session.execute(query).all()
