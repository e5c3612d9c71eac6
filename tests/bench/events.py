"""Events: from outbox to stream, and from stream to an effect that happens once, on real engines."""

import asyncio
import time
from collections.abc import Awaitable, Callable

from pydantic import SecretStr
from sqlmodel import Session

from services.kit.db import raw
from services.kit.events import copy_all
from services.kit.events.bus import Bus
from services.kit.events.inbox import Inbox
from services.kit.events.intake import Intake
from services.kit.events.relay import Relay
from services.kit.ids import new_id
from tests.bench.figures import Figures
from tests.bench.server import Server
from tests.kit.events import stations
from tests.kit.events.stations import Station, ThingSold


def measure(server: Server, figures: Figures, *, count: int) -> None:
    """`count` events announced, relayed, taken in by a part that writes each one down."""
    alpha, beta = stations.station(server.engines, "alpha"), stations.station(server.engines, "beta")
    with Session(alpha.engine) as session, session.begin():
        events = [ThingSold(thing_id=new_id(), value=n) for n in range(count)]
        copy_all(raw(session).cursor(), events)
    relayed, taken_in = asyncio.run(_pass_on(server.engines.nats.url, alpha, beta, count))
    assert beta.ask("SELECT count(*) FROM applied") == count
    assert beta.ask("SELECT count(DISTINCT value) FROM applied") == count
    figures.add("outbox to stream", count / relayed, "events/s", goal=">= 20000")
    figures.add("stream to effect once", count / taken_in, "events/s", goal=">= 10000")
    for station in (alpha, beta):
        station.engine.dispose()


async def _pass_on(nats_url: str, alpha: Station, beta: Station, count: int) -> tuple[float, float]:
    """Relay everything, then take everything in; the seconds of each."""
    bus = Bus(nats_url, name="bench")
    inbox = Inbox(beta.engine, stations.listeners())
    reaching = asyncio.create_task(bus.run())
    await bus.reached.wait()
    published = "SELECT published FROM outbox_head"
    relay = Relay("alpha", SecretStr(alpha.database.url), bus)
    relayed = await _timed(relay.run, lambda: alpha.ask(published) == count)
    intake = Intake(bus, inbox, part="beta", producer="alpha")
    taken_in = await _timed(intake.run, lambda: beta.has_seen(count))
    reaching.cancel()
    await bus.close()
    return relayed, taken_in


async def _timed(run: Callable[[], Awaitable[None]], is_done: Callable[[], bool]) -> float:
    """Run something endless until it is done; how long that took."""
    started = time.perf_counter()
    running = asyncio.ensure_future(run())
    while not await asyncio.to_thread(is_done):
        assert not running.done(), running
        await asyncio.sleep(0.05)
    seconds = time.perf_counter() - started
    running.cancel()
    return seconds
