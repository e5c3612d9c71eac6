"""The broker: one JetStream stream that carries all parts' events, subject = event name.

Plain nats-py rather than FastStream: we need our own publish window, pull requests limited in bytes,
and acknowledgements after a commit in a thread, of which FastStream carries nothing; and it is faster
so (in one run, taking in 22,000 messages a second against 12,000 through FastStream's batches;
publishing 45,000 against 30,000 through nats-py's own `publish_async`, whose futures leak besides when
a broker dies).

The stream is a carrier, not the record: it forgets after three days or a gibibyte, and whatever it
loses comes from the outbox (`sweep`).
"""

import asyncio
from collections.abc import Callable, Sequence
from typing import NamedTuple

import structlog
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.js import JetStreamContext
from nats.js.api import ConsumerConfig, DiscardPolicy, StorageType, StreamConfig
from nats.js.errors import APIError, NotFoundError
from pydantic_settings import BaseSettings, SettingsConfigDict

_log = structlog.get_logger()

STREAM = "amparo"
_AGE_SECONDS_MAX = 3 * 24 * 3600
_BYTES_MAX = 1 << 30
_DUPLICATES_SECONDS = 60  # each id costs the server memory; beyond, the inbox knows what it has seen
_CONFIRM_SECONDS_MAX = 20.0
_ACK_WAIT_SECONDS = 60.0
_UNACKNOWLEDGED_MAX = 20_000


class BusSettings(BaseSettings):
    """What an operator of a cluster sets."""

    model_config = SettingsConfigDict(env_prefix="AMPARO_NATS_", extra="ignore")

    replicas: int = 1
    """Copies of the stream when it is made: 3 on a cluster of three."""


class BrokerGone(RuntimeError):
    """The broker has closed the connection for good: the credentials are no longer accepted."""


class NotConfirmed(OSError):
    """The stream did not confirm all that was published; publishing it again is safe."""


class Outgoing(NamedTuple):
    """A message to be published; the stream keeps one of the same id."""

    subject: str
    id: str
    body: bytes


class Bus:
    """One process's connection to the broker; it comes back by itself after the broker does."""

    def __init__(self, url: str, *, name: str, stream: str = STREAM) -> None:
        self.client = Client()
        self.stream = stream
        self.reached = asyncio.Event()
        """Set while the broker is there."""
        self._servers = url.split(",")
        self._name = name
        self._closed = asyncio.Event()
        self._listeners: list[Callable[[], None]] = []
        self._last_error = ""
        self._inbox = ""
        self._batch = 0
        self._unconfirmed = 0
        self._refusal: NotConfirmed | None = None
        self._settled = asyncio.Event()

    @property
    def js(self) -> JetStreamContext:
        return self.client.jetstream(timeout=5)

    def on_return(self, listener: Callable[[], None]) -> None:
        """Call `listener` whenever the broker is reached, the first time and again after a loss."""
        self._listeners.append(listener)

    async def run(self) -> None:
        """Connect, as soon as there is a broker, and stay. Raises BrokerGone."""
        await self.client.connect(
            self._servers,
            name=self._name,
            max_reconnect_attempts=-1,
            skip_subject_validation=True,  # they are ours, and checked when an event is declared
            reconnect_time_wait=1,
            connect_timeout=5,
            ping_interval=10,
            max_outstanding_pings=2,
            error_cb=self._note_error,
            disconnected_cb=self._note_loss,
            reconnected_cb=self._note_return,
            closed_cb=self._note_end,
        )
        self._inbox = self.client.new_inbox()
        await self.client.subscribe(f"{self._inbox}.*", cb=self._note_confirmation)
        await self._note_return()
        await self._closed.wait()
        raise BrokerGone(str(self.client.last_error))

    async def close(self) -> None:
        """Say good-bye; what is not confirmed will be published again by whoever comes next."""
        self.reached.clear()
        if not self.client.is_closed:
            await self.client.close()

    async def ensure_stream(self, producer: str) -> None:
        """Make the stream if it is not there, and have it take the producer's events."""
        subject = f"{producer}.>"
        # Parts that start together each add their own subject; whoever was overwritten adds it again.
        for _ in range(20):
            try:
                config = (await self.js.stream_info(self.stream)).config
            except NotFoundError:
                config = None
            if config is not None and subject in (config.subjects or ()):
                return
            try:
                if config is None:
                    await self.js.add_stream(_stream_config(self.stream, subject))
                else:
                    await self.js.update_stream(config.evolve(subjects=[*(config.subjects or ()), subject]))
            except APIError as error:
                _log.info("stream_contended", stream=self.stream, error=error.description)
            await asyncio.sleep(0.05)
        raise NotConfirmed(f"the stream {self.stream} does not take {subject}")

    async def ensure_durable(self, durable: str, producer: str) -> int:
        """Make the durable consumer of a producer's events if it is not there, and the stream.

        Returns how many messages wait in the stream for it. A consumer that remembers more than a
        stream which lost its newest messages is set back by the server when it starts.
        """
        await self.ensure_stream(producer)
        try:
            info = await self.js.consumer_info(self.stream, durable)
        except NotFoundError:
            info = await self.js.add_consumer(
                self.stream,
                ConsumerConfig(
                    durable_name=durable,
                    filter_subject=f"{producer}.>",
                    ack_wait=_ACK_WAIT_SECONDS,
                    max_ack_pending=_UNACKNOWLEDGED_MAX,
                ),
            )
        return info.num_pending or 0

    async def publish(self, messages: Sequence[Outgoing]) -> None:
        """Publish in order and return when the stream has confirmed all. One caller at a time.

        Raises NotConfirmed, and what the client raises when the broker is away.
        """
        self._batch += 1
        self._unconfirmed, self._refusal = len(messages), None
        self._settled.clear()
        reply = f"{self._inbox}.{self._batch}"
        for message in messages:
            await self.client.publish(
                message.subject, message.body, reply=reply, headers={"Nats-Msg-Id": message.id}
            )
        async with asyncio.timeout(_CONFIRM_SECONDS_MAX):
            await self._settled.wait()
        if self._refusal is not None:
            raise self._refusal

    async def _note_confirmation(self, message: Msg) -> None:
        if not message.subject.endswith(f".{self._batch}"):
            return  # of a batch that was given up
        # An error, or no stream that takes the subject: then the body is empty.
        if not message.data or b'"error"' in message.data:
            self._refuse(message.data[:200].decode(errors="replace") or "no stream takes it")
            return
        self._unconfirmed -= 1
        if self._unconfirmed == 0:
            self._settled.set()

    def _refuse(self, why: str) -> None:
        self._refusal = NotConfirmed(why)
        self._settled.set()

    async def _note_error(self, error: Exception) -> None:
        kind = type(error).__name__
        if kind != self._last_error:  # each second the same, while it is away
            _log.warning("broker_error", error=kind)
        self._last_error = kind

    async def _note_loss(self) -> None:
        if self.reached.is_set():
            _log.warning("broker_lost")
        self.reached.clear()
        self._refuse("the broker is away")

    async def _note_return(self) -> None:
        _log.info("broker_reached")
        self._last_error = ""
        self.reached.set()
        for listener in self._listeners:
            listener()

    async def _note_end(self) -> None:
        self._closed.set()


def _stream_config(name: str, subject: str) -> StreamConfig:
    return StreamConfig(
        name=name,
        subjects=[subject],
        storage=StorageType.FILE,
        discard=DiscardPolicy.OLD,
        max_age=_AGE_SECONDS_MAX,
        max_bytes=_BYTES_MAX,
        duplicate_window=_DUPLICATES_SECONDS,
        num_replicas=BusSettings().replicas,
    )
