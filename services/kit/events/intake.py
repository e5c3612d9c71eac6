"""From the stream to the inbox: a durable pull consumer for each producer, shared by all replicas.

It takes everything that the producer announces. Messages are acknowledged after the transaction that
let them take effect; a crash in between brings them again, and the inbox knows them. While a batch is
being applied the next one is already on its way.
"""

import asyncio
import json
from collections import deque

import nats.errors
import structlog
from nats.aio.msg import Msg

from services.kit.events.bus import Bus
from services.kit.events.inbox import Inbox
from services.kit.loops import Patience, in_thread, keep_running, passes

_log = structlog.get_logger()

_BATCH = 1_000
_BYTES_MAX = 8_000_000  # of one pull request: more than one of the largest events
_EXPIRES_SECONDS = 5.0
# Statuses that end a pull request in the ordinary way; the words tell the 409s apart.
_ORDINARY = ("404", "408")
_ORDINARY_WORDS = ("MaxBytes", "Batch Completed")


class Intake:
    """One producer's events on their way into one part."""

    def __init__(self, bus: Bus, inbox: Inbox, *, part: str, producer: str) -> None:
        self.producer = producer
        self.applying = asyncio.Lock()
        """Held while events of this producer take effect, so that the sweep does not do the same."""
        self._bus = bus
        self._inbox = inbox
        self._durable = f"{part}-from-{producer}"
        self._waiting: deque[Msg] = deque()
        self._arrived = asyncio.Event()
        self._asked = 0
        self._is_stale = True
        bus.on_return(self._look_again)

    async def run(self) -> None:
        """Take in events for ever."""
        await keep_running(f"intake from {self.producer}", self._take_in)

    async def backlog(self) -> int | None:
        """How many messages the stream still holds for us; None if the broker cannot be asked."""
        if not self._bus.reached.is_set():
            return None
        try:
            return await self._bus.ensure_durable(self._durable, self.producer)
        except Exception as error:
            if not passes(error):
                raise
            return None

    def _look_again(self) -> None:
        self._is_stale = True
        self._arrived.set()

    async def _take_in(self) -> None:
        await self._bus.reached.wait()
        reply = self._bus.client.new_inbox()
        subscription = await self._bus.client.subscribe(reply, cb=self._note)
        self._is_stale = True
        try:
            while True:
                await self._ask(reply)
                await self._wait()
                if self._waiting:
                    count = min(_BATCH, len(self._waiting))
                    batch = [self._waiting.popleft() for _ in range(count)]
                    await self._ask(reply)
                    await self._apply(batch)
        finally:
            self._waiting.clear()
            if not self._bus.client.is_closed:
                await subscription.unsubscribe()

    async def _ask(self, reply: str) -> None:
        """Ask for the next batch unless one is on its way or waiting already."""
        if self._is_stale:
            await self._bus.ensure_durable(self._durable, self.producer)
            self._is_stale, self._asked = False, 0
        if self._asked > 0 or len(self._waiting) >= _BATCH:
            return
        request = {"batch": _BATCH, "max_bytes": _BYTES_MAX, "expires": int(_EXPIRES_SECONDS * 1e9)}
        self._asked = _BATCH
        subject = f"$JS.API.CONSUMER.MSG.NEXT.{self._bus.stream}.{self._durable}"
        await self._bus.client.publish(subject, json.dumps(request).encode(), reply=reply)

    async def _wait(self) -> None:
        if self._waiting:
            return
        self._arrived.clear()
        try:
            async with asyncio.timeout(_EXPIRES_SECONDS + 2):
                await self._arrived.wait()
        except TimeoutError:
            # Not even the word that the request has expired: it is lost.
            self._is_stale = True

    async def _note(self, message: Msg) -> None:
        status = message.headers.get("Status") if message.headers and not message.data else None
        if status is None:
            self._asked -= 1
            self._waiting.append(message)
        else:
            self._asked = 0
            words = (message.headers or {}).get("Description", "")
            if status not in _ORDINARY and not any(ordinary in words for ordinary in _ORDINARY_WORDS):
                _log.info("intake_interrupted", producer=self.producer, status=status, words=words)
                self._is_stale = True
        self._arrived.set()

    async def _apply(self, batch: list[Msg]) -> None:
        bodies = [(message.subject, message.data) for message in batch]
        patience = Patience()
        while True:
            try:
                async with self.applying:
                    await in_thread(self._inbox.take, self.producer, bodies)
                break
            except Exception as error:
                if not passes(error):
                    raise
                _log.warning("applying_interrupted", producer=self.producer, error=type(error).__name__)
            await patience.wait()
        try:
            for message in batch:
                await self._bus.client.publish(message.reply, b"+ACK")
        except nats.errors.Error:
            _log.info("acknowledgement_lost", producer=self.producer)  # they come again, and are known
