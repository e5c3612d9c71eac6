"""The relay numbers without gaps and publishes each event once, whatever is killed in between."""

import asyncio
import json
import random
import threading

import psycopg
import pytest
from nats.js.api import AckPolicy, ConsumerConfig
from pydantic import SecretStr
from sqlmodel import Session

from services.kit.events import record, relay
from services.kit.events.bus import Bus
from services.kit.events.relay import Relay
from services.kit.ids import new_id
from tests.kit.events.stations import (
    Station,
    ThingSold,
    on_bus,
    relaying,
    until,
)

PUBLISHED = "SELECT number = published AND number = :count FROM outbox_head"


def is_published(alpha: Station, count: int) -> bool:
    return bool(alpha.ask(PUBLISHED, count=count))


async def stream_values(bus: Bus, count: int) -> list[tuple[int, int]]:
    """The (number, value) of all messages in the stream, in its order."""
    reading = ConsumerConfig(ack_policy=AckPolicy.NONE)
    subscription = await bus.js.pull_subscribe("alpha.>", stream=bus.stream, config=reading)
    found: list[tuple[int, int]] = []
    while len(found) < count:
        for message in await subscription.fetch(1000, timeout=5):
            shown = json.loads(message.data)
            found.append((int(shown["sequence"]), shown["data"]["value"]))
    return found


def test_events_are_published_in_their_order_under_numbers_without_gaps(alpha: Station, broker: str) -> None:
    async def story() -> None:
        alpha.sell(*range(100))
        # What is rolled back leaves a gap in the positions, and none in the numbers.
        with Session(alpha.engine) as session:
            record(session, ThingSold(thing_id=new_id(), value=-1))
            session.rollback()
        alpha.sell(*range(100, 200))
        async with on_bus(broker) as bus, relaying(alpha, bus):
            await until(lambda: is_published(alpha, 200))
            found = await stream_values(bus, 200)
        assert found == [(value + 1, value) for value in range(200)]

    asyncio.run(story())


def test_events_that_commit_late_get_later_numbers(alpha: Station, broker: str) -> None:
    async def story() -> None:
        async with on_bus(broker) as bus, relaying(alpha, bus):
            with Session(alpha.engine) as slow:
                record(slow, ThingSold(thing_id=new_id(), value=1))
                alpha.sell(2)
                await until(lambda: is_published(alpha, 1))
                slow.commit()
            await until(lambda: is_published(alpha, 2))
            assert await stream_values(bus, 2) == [(1, 2), (2, 1)]

    asyncio.run(story())


def test_two_relays_at_once_publish_each_event_once(alpha: Station, broker: str) -> None:
    def write(first: int) -> None:
        for value in range(first, first + 100):
            alpha.sell(value)

    async def story() -> None:
        async with (
            on_bus(broker) as bus,
            on_bus(broker) as other,
            relaying(alpha, bus),
            relaying(alpha, other),
        ):
            writers = [threading.Thread(target=write, args=[first]) for first in (0, 100, 200)]
            for writer in writers:
                writer.start()
            await until(lambda: is_published(alpha, 300))
            found = await stream_values(bus, 300)
            assert (await bus.js.stream_info(bus.stream)).state.messages == 300
        assert [number for number, _ in found] == list(range(1, 301))
        assert sorted(value for _, value in found) == list(range(300))

    asyncio.run(story())


def test_a_relay_stands_by_while_another_holds_the_lock(alpha: Station, broker: str) -> None:
    async def story() -> None:
        alpha.sell(1)
        with psycopg.connect(alpha.database.url) as other:
            other.execute("SELECT pg_advisory_lock(%s)", [relay.LOCK])
            async with on_bus(broker) as bus, relaying(alpha, bus):
                await asyncio.sleep(0.5)
                assert alpha.ask("SELECT number FROM outbox_head") == 0
                other.close()
                await until(lambda: is_published(alpha, 1))

    asyncio.run(story())


def test_when_the_active_relay_is_cut_off_another_takes_over(alpha: Station, broker: str) -> None:
    cut = (
        "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
        " WHERE application_name = 'amparo-relay' AND datname = current_database()"
    )

    async def story() -> None:
        async with (
            on_bus(broker) as bus,
            on_bus(broker) as other,
            relaying(alpha, bus),
            relaying(alpha, other),
        ):
            written = 0
            for _ in range(5):
                await asyncio.to_thread(alpha.sell, *range(written, written + 3000))
                written += 3000
                # Somewhere in the middle of numbering and publishing, both that works and that waits.
                await asyncio.sleep(random.uniform(0, 0.3))
                await until(lambda: alpha.ask(cut) > 0)
            await until(lambda: is_published(alpha, written))
            assert (await bus.js.stream_info(bus.stream)).state.messages == written
            found = await stream_values(bus, written)
        assert found == [(value + 1, value) for value in range(written)]

    asyncio.run(story())


def test_what_was_published_but_not_noted_is_published_once(alpha: Station, broker: str) -> None:
    async def story() -> None:
        async with on_bus(broker) as bus:
            alpha.sell(1, 2, 3)
            async with relaying(alpha, bus):
                await until(lambda: is_published(alpha, 3))
            alpha.run("UPDATE outbox_head SET published = 0")
            async with relaying(alpha, bus):
                await until(lambda: is_published(alpha, 3))
            assert (await bus.js.stream_info(bus.stream)).state.messages == 3

    asyncio.run(story())


def test_a_stream_that_was_deleted_is_made_again(alpha: Station, broker: str) -> None:
    async def story() -> None:
        async with on_bus(broker) as bus, relaying(alpha, bus):
            alpha.sell(1)
            await until(lambda: is_published(alpha, 1))
            await bus.js.delete_stream(bus.stream)
            alpha.sell(2)
            await until(lambda: is_published(alpha, 2))
            assert await stream_values(bus, 1) == [(2, 2)]

    asyncio.run(story())


def test_the_stream_takes_the_events_of_all_parts_that_start_together(broker: str) -> None:
    async def story() -> None:
        async with on_bus(broker) as bus:
            parts = [f"part{letter}" for letter in "abcdef"]
            await asyncio.gather(*(bus.ensure_stream(part) for part in parts))
            for part in parts:
                await bus.ensure_stream(part)
            config = (await bus.js.stream_info(bus.stream)).config
            assert sorted(config.subjects or []) == [f"{part}.>" for part in parts]
            assert config.max_age
            assert config.max_bytes

    asyncio.run(story())


def test_an_event_of_another_part_ends_the_relay_loudly(beta: Station, broker: str) -> None:
    async def story() -> None:
        beta.sell(1)  # alpha's event, announced by beta
        async with on_bus(broker) as bus, asyncio.timeout(10):
            await Relay("beta", SecretStr(beta.database.url), bus).run()

    with pytest.raises(ExceptionGroup) as ended:
        asyncio.run(story())
    assert ended.group_contains(RuntimeError, match="another part's to announce")
