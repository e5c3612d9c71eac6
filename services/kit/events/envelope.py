"""An event on its way: CloudEvents 1.0, structured JSON, with our number and request id in it.

`sequence` is the producer's number of the event, without gaps, as the CloudEvents extension of that
name writes it: digits that sort as text. Readers take only the fields that they declare.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

from pydantic import BaseModel, Field

from services.kit.events.event import producer_of
from services.kit.events.outbox import Numbered

_SEQUENCE_DIGITS = 19  # as many as a bigint has

D = TypeVar("D")


def envelope(event: Numbered) -> bytes:
    """The event's message: the row's JSON, wrapped without being parsed."""
    request = f'"requestid":{json.dumps(event.request_id)},' if event.request_id else ""
    return (
        f'{{"specversion":"1.0","id":"{event.id}","source":"/amparo/{producer_of(event.name)}",'
        f'"type":"{event.name}","time":"{event.occurred_at.isoformat()}",'
        f'"sequence":"{event.number:0{_SEQUENCE_DIGITS}d}",{request}'
        f'"datacontenttype":"application/json","data":{event.data}}}'
    ).encode()


class Head(BaseModel):
    """What every message tells, whether or not anybody here reads its data."""

    id: UUID
    type: str
    time: datetime
    number: int = Field(alias="sequence", ge=1, lt=2**62)
    requestid: str | None = None


class Envelope(Head, Generic[D]):
    """A message with the data that one reader declares."""

    data: D


@dataclass(frozen=True, slots=True)
class Received(Generic[D]):
    """An event as a handler gets it."""

    id: UUID
    name: str
    producer: str
    number: int
    occurred_at: datetime
    request_id: str | None
    data: D

    @classmethod
    def of(cls, message: Envelope[D]) -> "Received[D]":
        return cls(
            id=message.id,
            name=message.type,
            producer=producer_of(message.type),
            number=message.number,
            occurred_at=message.time,
            request_id=message.requestid,
            data=message.data,
        )


def reader_of(model: type[Any]) -> type[Envelope[Any]]:
    """The envelope that reads `model`, in one pass over the bytes."""
    generic: Any = Envelope
    made: type[Envelope[Any]] = generic[model]
    return made
