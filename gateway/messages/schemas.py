"""The wire of messages. A one-time code is masked in the text as it is stored; phones are masked here."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import Row

from gateway.locale import Language
from gateway.messages.inbound.models import InboundMessage
from gateway.messages.models import Message

MessageState = Literal["queued", "sent", "delivered", "failed", "unknown"]


class MessageOut(BaseModel):
    """One SMS to a member. `text` and `to` are settled when it is first sent."""

    id: UUID
    member_id: UUID
    organisation_id: UUID
    template: str
    subject_id: UUID
    state: MessageState
    text: str | None
    to: str | None
    language: str | None
    segments: int | None
    attempts: int
    created_at: datetime
    sent_at: datetime | None
    settled_at: datetime | None
    failure: str | None
    failure_detail: str | None
    resend_of: UUID | None

    @classmethod
    def of(cls, message: Message, *, is_whole: bool) -> "MessageOut":
        shown: dict[str, Any] = {name: getattr(message, name, None) for name in cls.model_fields}
        return cls(**shown | {"to": shown_phone(message.phone, is_whole), "attempts": message.attempt})


class MessagesOut(BaseModel):
    """A page of messages."""

    items: list[MessageOut]


class Counts(BaseModel):
    """How many messages are in each state."""

    queued: int = 0
    sent: int = 0
    delivered: int = 0
    failed: int = 0
    unknown: int = 0


class TemplateCounts(Counts):
    """The same of one template."""

    template: str


class FiguresOut(Counts):
    """Messages in figures. `sms_sent` are those that the SMS gateway took, `sms_delivered` that arrived."""

    sms_sent: int = 0
    sms_delivered: int = 0
    templates: list[TemplateCounts] = []

    @classmethod
    def of(cls, rows: Sequence[Row[Any]]) -> "FiguresOut":
        templates: dict[str, dict[str, int]] = {}
        totals: dict[str, int] = {}
        for row in rows:
            templates.setdefault(row.template, {})[row.state] = row.messages
            totals[row.state] = totals.get(row.state, 0) + row.messages
        return cls(
            **totals,
            sms_sent=sum(row.sent for row in rows),
            sms_delivered=totals.get("delivered", 0),
            templates=[TemplateCounts(template=name, **counts) for name, counts in templates.items()],
        )


class TemplateOut(BaseModel):
    """What a template says in one language, and what it costs with ordinary values."""

    template: str
    language: Language
    is_essential: bool
    text: str
    example: str
    encoding: str
    units: int
    segments: int


class TemplatesOut(BaseModel):
    items: list[TemplateOut]


class InboundOut(BaseModel):
    """What a member wrote."""

    id: UUID
    member_id: UUID | None
    organisation_id: UUID | None
    sender: str | None
    text: str
    keyword: str | None
    received_at: datetime

    @classmethod
    def of(cls, message: InboundMessage, *, is_whole: bool) -> "InboundOut":
        shown: dict[str, Any] = {name: getattr(message, name, None) for name in cls.model_fields}
        return cls(**shown | {"sender": shown_phone(message.phone, is_whole)})


class InboundsOut(BaseModel):
    """A page of what members wrote."""

    items: list[InboundOut]


def shown_phone(phone: str | None, is_whole: bool) -> str | None:
    """A phone, or its last four digits for who needs no more."""
    return phone if phone is None or is_whole else f"…{phone[-4:]}"
