"""Taking events in: one transaction for a batch, each event in effect once, nothing in the way of the rest.

The numbers that arrived are noted in the transaction that applies the events. A batch that fails is
halved until the message at fault stands alone; that one is kept as a letter, to be tried again, and
its number counts as arrived. When the database itself is in trouble nothing is concluded: the caller
tries the same batch again.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid5

import structlog
from pydantic import ValidationError
from sqlalchemy import Engine, text
from sqlmodel import Session

from services.kit import context
from services.kit.db import raw
from services.kit.events import faults, letters, seen
from services.kit.events.consumers import Consumers, Handler, Reaction
from services.kit.events.envelope import Head, Received
from services.kit.events.metrics import failed, taken
from services.kit.loops import is_database_trouble

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Message:
    """A message that came in: what can be told of it, and who reacts to it here."""

    id: UUID
    name: str
    number: int | None
    request_id: str | None
    body: bytes
    readings: tuple[tuple[Reaction, Received[Any]], ...] = ()
    fault: ValidationError | None = None

    @property
    def is_fact(self) -> bool:
        return any(reaction.kind == "fact" for reaction, _ in self.readings)


class Inbox:
    """Where one part takes in events; safe to use from several threads and processes at once."""

    def __init__(self, engine: Engine, consumers: Consumers) -> None:
        self._engine = engine
        self._consumers = consumers

    @property
    def part(self) -> str:
        return self._consumers.part

    def take(self, producer: str, bodies: Iterable[tuple[str, bytes]]) -> None:
        """Let a producer's messages (name, body) take effect; those seen before have none.

        Raises only when the database is in trouble; then nothing is lost by trying again.
        """
        messages = {message.id: message for message in (self._read(name, body) for name, body in bodies)}
        readable = [message for message in messages.values() if message.fault is None]
        self._apply(producer, sorted(readable, key=lambda message: message.number or 0))
        for message in messages.values():
            if message.fault is not None:
                self._keep(producer, message, message.fault)
        taken.labels(self._consumers.part, producer).inc(len(messages))

    def try_letters(self, *, limit: int = 500) -> int:
        """Try the letters that are due once more; returns how many were."""
        with Session(self._engine) as session, session.begin():
            due = letters.lease_due(session, limit=limit)
        for producer in {letter.producer for letter in due}:
            mine = [(letter.name, letter.envelope) for letter in due if letter.producer == producer]
            self.take(producer, mine)
        return len(due)

    def _read(self, name: str, body: bytes) -> Message:
        try:
            return self._read_data(name, body)
        except ValidationError as error:
            try:
                head = Head.model_validate_json(body)
            except ValidationError:
                # Nobody of ours wrote this; its own hash names it, so that it is kept once.
                named = uuid5(NAMESPACE_OID, hashlib.sha256(body).hexdigest())
                return Message(named, name, None, None, body, fault=error)
            return Message(head.id, name, head.number, head.requestid, body, fault=error)

    def _read_data(self, name: str, body: bytes) -> Message:
        reactions = self._consumers.reactions(name)
        if not reactions:
            head = Head.model_validate_json(body)
            return Message(head.id, name, head.number, head.requestid, body)
        readings = tuple(
            (reaction, Received.of(reaction.reader.model_validate_json(body))) for reaction in reactions
        )
        event = readings[0][1]
        return Message(event.id, name, event.number, event.request_id, body, readings)

    def _apply(self, producer: str, messages: Sequence[Message]) -> None:
        if not messages:
            return
        try:
            with Session(self._engine, expire_on_commit=False) as session, session.begin():
                _take_effect(session, producer, messages)
        except Exception as error:
            if is_database_trouble(error):
                raise
            if len(messages) == 1:
                self._keep(producer, messages[0], error)
                return
            half = len(messages) // 2
            self._apply(producer, messages[:half])
            self._apply(producer, messages[half:])

    def _keep(self, producer: str, message: Message, error: Exception) -> None:
        with Session(self._engine) as session, session.begin():
            state = letters.keep(
                session,
                id=message.id,
                producer=producer,
                number=message.number,
                name=message.name,
                envelope=message.body,
                error=error,
            )
            if message.number is not None:
                seen.add(session, producer, [message.number])
        failed.labels(self._consumers.part, message.name, state).inc()
        log = _log.error if state == "dead" else _log.warning
        log(
            "event_failed", event_id=str(message.id), name=message.name, state=state, error=faults.told(error)
        )


def _take_effect(session: Session, producer: str, messages: Sequence[Message]) -> None:
    fresh = _claim(session, [message.id for message in messages if message.is_fact])
    calls: dict[Handler[Any], list[Received[Any]]] = {}
    for message in messages:
        for reaction, event in message.readings:
            if reaction.kind == "state" or message.id in fresh:
                calls.setdefault(reaction.handler, []).append(event)
    requests = {message.request_id for message in messages}
    # A batch of many requests has no single one to be traced to.
    request = context.request_id.set(requests.pop() if len(requests) == 1 else None)
    try:
        for handler, events in calls.items():
            handler(session, events)
    finally:
        context.request_id.reset(request)
    session.flush()
    letters.remove(session, [message.id for message in messages])
    seen.add(session, producer, (message.number for message in messages if message.number is not None))


def _claim(session: Session, ids: Sequence[UUID]) -> set[UUID]:
    """Note facts as applied; of those returned nobody has done so before."""
    if not ids:
        return set()
    # In one order for all, so that two batches with the same facts wait for each other and go on.
    found = raw(session).execute(
        "INSERT INTO inbox (id) SELECT unnest(%s::uuid[]) ON CONFLICT DO NOTHING RETURNING id", [sorted(ids)]
    )
    return {id for (id,) in found}


def forget(session: Session, *, days: int) -> None:
    """Remove the ids of facts that are too old to come again."""
    session.execute(
        text("DELETE FROM inbox WHERE applied_at < now() - :days * interval '1 day'"), {"days": days}
    )
