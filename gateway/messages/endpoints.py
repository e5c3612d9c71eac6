"""HTTP face of messages: to read, to count, to send again; and what members wrote."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from sqlmodel import Session

from gateway.auth import MessagesReader, MessagesSender
from gateway.db import SessionDep
from gateway.messages import queries, service
from gateway.messages.inbound import queries as inbound
from gateway.messages.problems import CodeNotResent, NoSuchMessage, NotToBeResent
from gateway.messages.schemas import (
    FiguresOut,
    InboundOut,
    InboundsOut,
    MessageOut,
    MessagesOut,
    MessageState,
    TemplateOut,
    TemplatesOut,
)
from gateway.messages.wording.samples import samples
from gateway.settings import settings
from services.kit import audit
from services.kit.paging import PageDep
from services.kit.principals import Principal
from services.kit.problems import documented
from services.kit.settings import kit_settings

router = APIRouter(prefix="/v1", tags=["messages"])

WHOLE = "members:read_personal"
OfMember = Annotated[UUID | None, Query(description="Only of this member")]


@router.get("/messages", responses=documented())
def list_messages(
    reader: MessagesReader,
    page: PageDep,
    session: SessionDep,
    member_id: OfMember = None,
    state: Annotated[MessageState | None, Query()] = None,
    template: Annotated[str | None, Query(max_length=60)] = None,
) -> MessagesOut:
    """What members were told, in the order in which it happened. Phones whole for who sees personal data."""
    _note_opening(session, reader, member_id)
    found = queries.messages(
        session,
        reader,
        member_id=member_id,
        state=state,
        template=template,
        after=page.after,
        limit=page.limit,
    )
    page.link_next(found[-1].id if found else None, len(found))
    return MessagesOut(items=[MessageOut.of(one, is_whole=reader.may(WHOLE)) for one in found])


@router.get("/messages/figures", responses=documented())
def count_messages(reader: MessagesReader, session: SessionDep) -> FiguresOut:
    """How many messages there are in each state, in all and by template."""
    return FiguresOut.of(queries.figures(session, reader))


@router.post(
    "/messages/{id}/resends",
    status_code=201,
    responses=documented(NoSuchMessage, NotToBeResent, CodeNotResent),
)
def resend_message(id: UUID, sender: MessagesSender, session: SessionDep) -> MessageOut:
    """Send a message again that failed or is unknown; asked again, the answer is the same."""
    return MessageOut.of(service.resend(session, id, by=sender), is_whole=sender.may(WHOLE))


@router.get("/message-templates", responses=documented())
def list_templates(reader: MessagesReader) -> TemplatesOut:
    """What each template says in each language, and how many parts it takes with ordinary values."""
    shown = samples(settings().mutual_name, f"{kit_settings().outside_url}/r")
    return TemplatesOut(
        items=[
            TemplateOut(
                template=one.template.name,
                language=one.language,
                is_essential=one.template.is_essential,
                text=one.text,
                example=one.example,
                encoding=one.size.encoding,
                units=one.size.units,
                segments=one.size.segments,
            )
            for one in shown
        ]
    )


@router.get("/inbound-messages", responses=documented())
def list_inbound(
    reader: MessagesReader, page: PageDep, session: SessionDep, member_id: OfMember = None
) -> InboundsOut:
    """What members wrote to us. From a phone that is not one member's alone: for the whole mutual's staff."""
    _note_opening(session, reader, member_id)
    found = inbound.inbound(session, reader, member_id=member_id, after=page.after, limit=page.limit)
    page.link_next(found[-1].id if found else None, len(found))
    return InboundsOut(items=[InboundOut.of(one, is_whole=reader.may(WHOLE)) for one in found])


def _note_opening(session: Session, reader: Principal, member_id: UUID | None) -> None:
    if member_id is not None:
        audit.write(session, "messages.open", member_id, by=reader)
