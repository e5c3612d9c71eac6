"""From one part's outbox to another part's tables, through a broker that repeats itself and goes away."""

import asyncio
import threading
from pathlib import Path
from typing import Any

import pytest

from deploy.engines import Nats
from services.kit.events.bus import Bus
from services.kit.events.inbox import Inbox
from services.kit.events.intake import Intake
from services.kit.ids import new_id
from tests.kit.events.stations import (
    POISON,
    Station,
    ThingSold,
    listeners,
    on_bus,
    relaying,
    taking_in,
    until,
)


def test_what_one_part_announces_takes_effect_in_the_other(
    alpha: Station, beta: Station, broker: str
) -> None:
    async def story() -> None:
        alpha.sell(*range(3000))
        async with on_bus(broker) as bus, relaying(alpha, bus), taking_in(beta, bus):
            await until(lambda: beta.has_seen(3000))
            started = asyncio.get_running_loop().time()
            await asyncio.to_thread(alpha.sell, 3000)
            await until(lambda: beta.has_seen(3001))
            assert asyncio.get_running_loop().time() - started < 1
        assert beta.applied() == list(range(3001))

    asyncio.run(story())


def test_a_message_that_was_not_acknowledged_comes_again_and_has_no_second_effect(
    alpha: Station, beta: Station, broker: str
) -> None:
    class Forgetful(Inbox):
        """Its process dies after the commit, before the acknowledgement."""

        def take(self, producer: str, bodies: Any) -> None:
            super().take(producer, bodies)
            raise asyncio.CancelledError

    async def story() -> None:
        alpha.sell(*range(50))
        async with on_bus(broker) as bus, relaying(alpha, bus):
            async with taking_in(beta, bus, inbox=Forgetful(beta.engine, listeners())):
                await until(lambda: beta.has_seen(50))
            durable = "beta-from-alpha"
            assert (await bus.js.consumer_info(bus.stream, durable)).num_ack_pending == 50
            # As if the time to acknowledge had passed: the same messages, from the start.
            await bus.js.delete_consumer(bus.stream, durable)
            async with taking_in(beta, bus):
                alpha.sell(50)
                await until(lambda: beta.has_seen(51))
        assert beta.applied() == list(range(51))

    asyncio.run(story())


def test_replicas_share_the_work_and_nothing_happens_twice(
    alpha: Station, beta: Station, broker: str
) -> None:
    async def story() -> None:
        async with (
            on_bus(broker) as bus,
            on_bus(broker) as other,
            relaying(alpha, bus),
            taking_in(beta, bus),
            taking_in(beta, other),
        ):
            for first in range(0, 4000, 500):
                await asyncio.to_thread(alpha.sell, *range(first, first + 500))
            await until(lambda: beta.has_seen(4000))
        assert beta.applied() == list(range(4000))

    asyncio.run(story())


def test_a_poisonous_message_holds_up_nothing_behind_it(alpha: Station, beta: Station, broker: str) -> None:
    async def story() -> None:
        alpha.sell(1, POISON, 2)
        async with on_bus(broker) as bus, relaying(alpha, bus), taking_in(beta, bus):
            await until(lambda: beta.has_seen(3))
            await asyncio.to_thread(alpha.sell, 3)
            await until(lambda: beta.has_seen(4))
            await acknowledged(bus)
        assert beta.applied() == [1, 2, 3]
        assert beta.ask("SELECT tries FROM dead_letters") == 1

    async def acknowledged(bus: Bus) -> None:
        async with asyncio.timeout(10):
            while (await bus.js.consumer_info(bus.stream, "beta-from-alpha")).num_ack_pending:
                await asyncio.sleep(0.05)

    asyncio.run(story())


def test_while_the_database_is_away_events_wait(alpha: Station, beta: Station, broker: str) -> None:
    cut = (
        "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )

    async def story() -> None:
        async with on_bus(broker) as bus, relaying(alpha, bus), taking_in(beta, bus):
            for first in range(0, 2000, 200):
                await asyncio.to_thread(alpha.sell, *range(first, first + 200))
                await asyncio.to_thread(beta.run, cut)
            await until(lambda: beta.has_seen(2000))
        assert beta.applied() == list(range(2000))
        assert beta.ask("SELECT count(*) FROM dead_letters") == 0

    asyncio.run(story())


def test_after_the_broker_was_killed_everything_goes_on(
    alpha: Station, beta: Station, tmp_path: Path
) -> None:
    nats = Nats(tmp_path / "nats", tmp_path / "nats.log", "for-tests", port_wanted=14_222)
    nats.start()

    def sell_one_by_one() -> None:
        for value in range(400):
            alpha.sell(value)

    async def story() -> None:
        async with on_bus(nats.url) as bus, relaying(alpha, bus), taking_in(beta, bus):
            writer = threading.Thread(target=sell_one_by_one)
            writer.start()
            for _ in range(2):
                await asyncio.sleep(0.3)
                nats.kill()
                await asyncio.sleep(0.2)
                await asyncio.to_thread(nats.start)
            await asyncio.to_thread(writer.join)
            await until(lambda: beta.has_seen(400), seconds=30)
        assert beta.applied() == list(range(400))

    try:
        asyncio.run(story())
    finally:
        nats.stop()


def test_large_events_pass_in_batches_that_fit(alpha: Station, beta: Station, broker: str) -> None:
    async def story() -> None:
        large = "x" * 700_000
        for first in range(0, 30, 10):
            alpha.announce(
                *(ThingSold(thing_id=new_id(), value=value, note=large) for value in range(first, first + 10))
            )
        async with on_bus(broker) as bus, relaying(alpha, bus), taking_in(beta, bus):
            await until(lambda: beta.has_seen(30))
        assert beta.applied() == list(range(30))

    asyncio.run(story())


def test_a_fault_of_our_own_ends_the_loop(alpha: Station, beta: Station, broker: str) -> None:
    class Broken(Inbox):
        def take(self, producer: str, bodies: Any) -> None:
            raise AssertionError("a programming error, not a message's")

    async def story() -> None:
        alpha.sell(1)
        async with on_bus(broker) as bus, relaying(alpha, bus), asyncio.timeout(10):
            broken = Broken(beta.engine, listeners())
            await Intake(bus, broken, part="beta", producer="alpha").run()

    with pytest.raises(AssertionError, match="programming error"):
        asyncio.run(story())
