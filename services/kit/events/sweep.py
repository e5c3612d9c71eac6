"""What the broker lost comes from the outbox: each minute, and whenever the broker comes back.

The numbers seen are compared with the producer's head. What is missing twice, a moment apart, and is
not merely waiting in the stream, is fetched over HTTP and taken in like anything else. So a stream that
lost its newest messages, or was deleted, costs a minute; without a broker events still arrive.
"""

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Protocol, TypeVar

import structlog
from pydantic import BaseModel, JsonValue
from pydantic_core import to_json
from sqlalchemy import Engine
from sqlmodel import Session

from services.kit.events import metrics, seen
from services.kit.events.feed import LIMIT_MAX
from services.kit.events.inbox import Inbox
from services.kit.events.intake import Intake
from services.kit.events.seen import Spans
from services.kit.loops import every, in_thread, passes

_log = structlog.get_logger()

INTERVAL_SECONDS = 60.0
FIRST_SECONDS = 2.0
GRACE_SECONDS = 2.0

R = TypeVar("R")


class Asking(Protocol):
    """How another part is asked: `kit.http.ServiceClient`."""

    def get(self, url: str, **params: int) -> JsonValue: ...


class Answer(BaseModel):
    """What `/internal/events` answers."""

    head: int
    first: int
    events: list[dict[str, JsonValue]]


class Sweep:
    """Compares and mends, for all producers that one part listens to."""

    def __init__(
        self,
        engine: Engine,
        inbox: Inbox,
        intakes: Sequence[Intake],
        client: Asking,
        urls: Mapping[str, str],
    ) -> None:
        self._engine = engine
        self._inbox = inbox
        self._intakes = intakes
        self._client = client
        self._urls = urls
        self._soon = asyncio.Event()

    def soon(self) -> None:
        """Sweep now rather than in a minute."""
        self._soon.set()

    async def run(self) -> None:
        """Sweep for ever."""
        # By then the broker is reached, if it is there, and says what is on its way anyhow.
        await asyncio.sleep(FIRST_SECONDS)
        async with asyncio.TaskGroup() as loops:
            loops.create_task(every(INTERVAL_SECONDS, self._ring))
            loops.create_task(self._answer())

    async def _ring(self) -> None:
        self._soon.set()

    async def _answer(self) -> None:
        while True:
            await self._soon.wait()
            self._soon.clear()
            for intake in self._intakes:
                try:
                    await self.mend(intake)
                except Exception as error:
                    if not passes(error):
                        raise
                    _log.warning("sweep_put_off", producer=intake.producer, error=type(error).__name__)

    async def mend(self, intake: Intake) -> int:
        """Fetch what is missing from one producer; returns how many events that were."""
        producer = intake.producer
        highest = await self._in_session(seen.highest, producer)
        answer = await self._ask(producer, after=0, limit=0)
        if highest > answer.head:
            # We looked first, so this is no race: the producer's database was set back.
            _log.error("producer_went_back", producer=producer, seen=highest, head=answer.head)
            await self._in_session(seen.forget_above, producer, answer.head)
        before = await self._in_session(seen.missing, producer, head=answer.head)
        if not before:
            return 0
        await asyncio.sleep(GRACE_SECONDS)
        # With messages waiting in the stream only holes are lost; what lies ahead is on its way.
        reach = answer.head
        if await intake.backlog():
            reach = min(reach, await self._in_session(seen.highest, producer))
        missing = seen.common(before, await self._in_session(seen.missing, producer, head=reach))
        kept = await self._set_expired_apart(producer, missing, answer.first)
        fetched = 0
        for span in kept:
            fetched += await self._fetch(intake, span)
        if fetched:
            _log.warning("events_recovered", producer=producer, count=fetched)
        return fetched

    async def _fetch(self, intake: Intake, span: range) -> int:
        fetched, after = 0, span.start - 1
        while after < span.stop - 1:
            limit = min(LIMIT_MAX, span.stop - 1 - after)
            events = (await self._ask(intake.producer, after=after, limit=limit)).events
            events = [event for event in events if int(str(event["sequence"])) < span.stop]
            if not events:
                _log.error("events_not_found", producer=intake.producer, first=after + 1, last=span.stop - 1)
                break
            bodies = [(str(event["type"]), to_json(event)) for event in events]
            async with intake.applying:
                await in_thread(self._inbox.take, intake.producer, bodies)
            metrics.recovered.labels(self._inbox.part, intake.producer).inc(len(events))
            fetched += len(events)
            after = int(str(events[-1]["sequence"]))
        return fetched

    async def _set_expired_apart(self, producer: str, missing: Spans, first: int) -> Spans:
        expired = seen.common(missing, [range(1, first)])
        if expired:
            count = sum(len(span) for span in expired)
            _log.error("events_expired", producer=producer, count=count, first_kept=first)
            await self._in_session(seen.add_expired, producer, expired)
        return list(_from(missing, first))

    async def _ask(self, producer: str, *, after: int, limit: int) -> Answer:
        url = f"{self._urls[producer]}/internal/events"
        return Answer.model_validate(await in_thread(self._client.get, url, after=after, limit=limit))

    async def _in_session(self, work: Callable[..., R], *args: object, **given: object) -> R:
        def work_in_session() -> R:
            with Session(self._engine) as session, session.begin():
                return work(session, *args, **given)

        return await in_thread(work_in_session)


def _from(spans: Spans, first: int) -> Iterator[range]:
    for span in spans:
        if span.stop > first:
            yield range(max(span.start, first), span.stop)
