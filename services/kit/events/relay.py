"""From the outbox to the stream: number without gaps, commit the numbers, then publish.

One relay of a part is active, whoever holds the advisory lock; others wait for it. Numbers are committed
before anything is published, so no event can go out under a number that a crash takes back; what was
published but not noted goes out again under the same id, which the stream and the inbox know. The lock
belongs to a session: a pooler that hands out transactions must not stand between.

The outbox is polled ten times a second. NOTIFY would save the tenth of a second, but serialises the
commits of everybody who announces anything, and with them the payments.
"""

import asyncio

import psycopg
import structlog
from psycopg import AsyncConnection
from pydantic import SecretStr

from services.kit.events import metrics
from services.kit.events.bus import Bus, NotConfirmed, Outgoing
from services.kit.events.envelope import envelope
from services.kit.events.event import producer_of
from services.kit.events.outbox import PAGE, PAGE_BYTES, Numbered
from services.kit.loops import Patience, keep_running, passes

_log = structlog.get_logger()

LOCK = 4_702_111_234_474_983_745
_NUMBERED_AT_ONCE = 5_000
_PUBLISHED_AT_ONCE = 2_000
_POLL_SECONDS = 0.1
_STAND_BY_SECONDS = 1.0

_NUMBER = """
WITH unnumbered AS MATERIALIZED (
    SELECT position, row_number() OVER (ORDER BY position) AS nth FROM (
        SELECT position FROM outbox WHERE number IS NULL ORDER BY position LIMIT %s
    ) oldest
), numbered AS (
    UPDATE outbox SET number = outbox_head.number + unnumbered.nth
    FROM unnumbered, outbox_head WHERE outbox.position = unnumbered.position RETURNING 1
)
UPDATE outbox_head SET number = number + (SELECT count(*) FROM numbered)
WHERE EXISTS (SELECT FROM unnumbered) RETURNING (SELECT count(*) FROM numbered)
"""


class Relay:
    """Publishes what one part announces; `run` it in as many processes as there are."""

    def __init__(self, part: str, database_url: SecretStr, bus: Bus) -> None:
        self._part = part
        self._url = database_url.get_secret_value()
        self._bus = bus
        self._numbered = asyncio.Event()
        self._has_stream = False

    async def run(self) -> None:
        """Relay for ever, or stand by for ever."""
        await keep_running("relay", self._relay)

    async def _relay(self) -> None:
        async with await self._connect() as connection, await self._connect() as reading:
            # The lock lives as long as its connection: a relay that lost it can number nothing more.
            while not await _holds_lock(connection):
                await asyncio.sleep(_STAND_BY_SECONDS)
            _log.info("relay_active", part=self._part)
            async with asyncio.TaskGroup() as loops:
                loops.create_task(self._number(connection))
                loops.create_task(self._publish(reading))

    async def _connect(self) -> AsyncConnection:
        options = "-c timezone=UTC -c lock_timeout=10s"
        return await psycopg.AsyncConnection.connect(
            self._url, autocommit=True, options=options, application_name="amparo-relay"
        )

    async def _number(self, connection: AsyncConnection) -> None:
        clock = asyncio.get_running_loop()
        while True:
            started = clock.time()
            found = await (await connection.execute(_NUMBER, [_NUMBERED_AT_ONCE])).fetchone()
            numbered = found[0] if found else 0
            if numbered:
                self._numbered.set()
            if numbered < _NUMBERED_AT_ONCE:
                # While a backup keeps an old snapshot, the rows numbered since lie in the way of each
                # look: then look less often, rather than spend a core on it.
                await asyncio.sleep(max(_POLL_SECONDS, 4 * (clock.time() - started)))

    async def _publish(self, connection: AsyncConnection) -> None:
        [published] = await _row(connection, "SELECT published FROM outbox_head")
        page = await _page(connection, published)
        while True:
            if not page:
                self._numbered.clear()
                page = await _page(connection, published)
                if not page:
                    await self._numbered.wait()
                continue
            async with asyncio.TaskGroup() as both:
                both.create_task(self._send(page))
                following = both.create_task(_page(connection, page[-1].number))
            metrics.published.labels(self._part).inc(len(page))
            page, published = following.result(), page[-1].number
            await connection.execute(
                "UPDATE outbox_head SET published = %s WHERE published < %s", [published] * 2
            )

    async def _send(self, page: list[Numbered]) -> None:
        """Publish until the stream has all of it, however long the broker is away."""
        messages = [Outgoing(event.name, str(event.id), envelope(event)) for event in page]
        foreign = next((event.name for event in page if producer_of(event.name) != self._part), None)
        if foreign is not None:
            raise RuntimeError(f"{self._part} has announced {foreign}, which is another part's to announce")
        patience = Patience()
        while True:
            try:
                await self._bus.reached.wait()
                if not self._has_stream:
                    await self._bus.ensure_stream(self._part)
                    self._has_stream = True
                await self._bus.publish(messages)
                return
            except Exception as error:
                if not passes(error):
                    raise
                why = str(error) if isinstance(error, NotConfirmed) else type(error).__name__
                _log.warning("publishing_interrupted", part=self._part, error=why)
            await patience.wait()
            self._has_stream = False


async def _holds_lock(connection: AsyncConnection) -> bool:
    [held] = await _row(connection, "SELECT pg_try_advisory_lock(%s)", [LOCK])
    return bool(held)


async def _page(connection: AsyncConnection, number: int) -> list[Numbered]:
    found = await connection.execute(PAGE, [number, _PUBLISHED_AT_ONCE, PAGE_BYTES])
    return [Numbered(*row) for row in await found.fetchall()]


async def _row(connection: AsyncConnection, query: str, given: list[int] | None = None) -> tuple[int]:
    found = await (await connection.execute(query.encode(), given)).fetchone()
    assert found is not None
    return (found[0],)
