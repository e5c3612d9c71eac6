"""What the broker lost comes from the outbox: its newest messages, its streams, or without any broker."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from deploy.engines import Nats
from services.kit.app import new_app
from services.kit.db import session_edge
from services.kit.events import feed
from services.kit.events.bus import Bus
from services.kit.events.inbox import Inbox
from services.kit.events.intake import Intake
from services.kit.events.sweep import Sweep
from services.kit.problems import Unavailable
from tests import tokens
from tests.kit.events.stations import STREAM, Station, background, listeners, on_bus, relaying, until

DURABLE = "beta-from-alpha"


class Asking:
    """Asks alpha's real HTTP face, as `ServiceClient` would over the network."""

    def __init__(self, alpha: Station) -> None:
        routes = feed.router(session_edge(lambda: alpha.engine))
        self._http = TestClient(new_app("alpha", "For tests.", routes, engine=alpha.engine))
        self.calls: list[dict[str, int]] = []

    def get(self, url: str, **params: int) -> Any:
        if params["limit"]:
            self.calls.append(params)
        answer = self._http.get(url, params=params, headers=tokens.headers(tokens.service()))
        assert answer.status_code == 200, answer.text
        return answer.json()


@pytest.fixture
def asking(alpha: Station, environment: None, monkeypatch: pytest.MonkeyPatch) -> Asking:
    monkeypatch.setattr("services.kit.events.sweep.GRACE_SECONDS", 0.3)
    return Asking(alpha)


@pytest.fixture
def nats(tmp_path: Path) -> Iterator[Nats]:
    """A broker of this test's own, to be mistreated."""
    made = Nats(tmp_path / "nats", tmp_path / "nats.log", "for-tests", port_wanted=14_223)
    made.start()
    yield made
    made.stop()


class Listening:
    """Beta's intake and sweep."""

    def __init__(self, beta: Station, bus: Bus, asking: Asking) -> None:
        inbox = Inbox(beta.engine, listeners())
        self.intake = Intake(bus, inbox, part="beta", producer="alpha")
        self._sweep = Sweep(beta.engine, inbox, [self.intake], asking, {"alpha": "http://alpha.test"})
        bus.on_return(self._sweep.soon)

    async def mend(self) -> int:
        return await self._sweep.mend(self.intake)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        async with background(self.intake.run):
            yield


async def publish(alpha: Station, bus: Bus, *values: int) -> None:
    """Have alpha announce these, and its relay publish them."""
    alpha.sell(*values)
    async with relaying(alpha, bus):
        await until(
            lambda: alpha.ask("SELECT published = (SELECT max(position) FROM outbox) FROM outbox_head")
        )


def test_with_nothing_lost_nothing_is_fetched(
    alpha: Station, beta: Station, broker: str, asking: Asking
) -> None:
    async def story() -> None:
        async with on_bus(broker) as bus:
            await publish(alpha, bus, 1, 2, 3)
            listening = Listening(beta, bus, asking)
            # They wait in the stream: none of the sweep's business.
            assert await listening.mend() == 0
            async with listening.running():
                await until(lambda: beta.has_seen(3))
                assert await listening.mend() == 0
        assert asking.calls == []

    asyncio.run(story())


def test_messages_missing_in_the_middle_are_fetched(
    alpha: Station, beta: Station, broker: str, asking: Asking
) -> None:
    async def story() -> None:
        async with on_bus(broker) as bus:
            await publish(alpha, bus, *range(10))
            for sequence in (3, 4, 8):
                await bus.js.delete_msg(STREAM, sequence)
            listening = Listening(beta, bus, asking)
            async with listening.running():
                await until(lambda: len(beta.applied()) == 7)
                assert await listening.mend() == 3
            assert beta.has_seen(10)
            assert asking.calls == [{"after": 2, "limit": 2}, {"after": 7, "limit": 1}]
        assert beta.applied() == list(range(10))

    asyncio.run(story())


def test_a_stream_that_was_deleted_with_unread_messages_costs_nothing(
    alpha: Station, beta: Station, broker: str, asking: Asking
) -> None:
    async def story() -> None:
        async with on_bus(broker) as bus:
            listening = Listening(beta, bus, asking)
            await publish(alpha, bus, *range(100))
            await bus.js.delete_stream(STREAM)
            async with listening.running():
                assert await listening.mend() == 100
                # And the new stream is listened to.
                await publish(alpha, bus, 100)
                await until(lambda: beta.has_seen(101))
                await bus.js.delete_stream(STREAM)
                await publish(alpha, bus, 101)
                await until(lambda: beta.has_seen(102), seconds=10)
        assert beta.applied() == list(range(102))

    asyncio.run(story())


@pytest.mark.parametrize("consumers_survive", [False, True])
def test_a_broker_that_lost_its_newest_messages_costs_nothing(
    alpha: Station, beta: Station, nats: Nats, tmp_path: Path, asking: Asking, consumers_survive: bool
) -> None:
    """Killed with its last seconds unwritten; its consumers may remember more than its stream."""
    copy = tmp_path / "older"

    async def before() -> None:
        async with on_bus(nats.url) as bus:
            await publish(alpha, bus, *range(50))
            async with Listening(beta, bus, asking).running():
                await until(lambda: beta.has_seen(50))
                await acknowledged(bus)

    async def then() -> None:
        async with on_bus(nats.url) as bus:
            await publish(alpha, bus, *range(50, 90))
            async with Listening(beta, bus, asking).running():
                await until(lambda: beta.has_seen(90))
                await acknowledged(bus)
            # Published, never delivered, and then lost.
            await publish(alpha, bus, *range(90, 100))

    async def after() -> None:
        async with on_bus(nats.url) as bus:
            listening = Listening(beta, bus, asking)
            async with listening.running():
                await publish(alpha, bus, *range(100, 110))
                await listening.mend()
                await until(lambda: beta.has_seen(110))
                # What comes now takes the ordinary way.
                asking.calls.clear()
                await publish(alpha, bus, 110)
                await until(lambda: beta.has_seen(111), seconds=5)
                assert asking.calls == []
        assert beta.applied() == list(range(111))

    asyncio.run(before())
    nats.stop()
    shutil.copytree(nats.store, copy)
    nats.start()
    asyncio.run(then())
    nats.kill()
    if consumers_survive:
        [consumers] = nats.store.rglob("obs")
        shutil.rmtree(copy / consumers.relative_to(nats.store))
        shutil.copytree(consumers, copy / consumers.relative_to(nats.store))
    shutil.rmtree(nats.store)
    shutil.copytree(copy, nats.store)
    nats.start()
    asyncio.run(after())


async def acknowledged(bus: Bus) -> None:
    async with asyncio.timeout(10):
        while (await bus.js.consumer_info(STREAM, DURABLE)).num_ack_pending:
            await asyncio.sleep(0.05)


def test_without_a_broker_events_arrive_all_the_same(alpha: Station, beta: Station, asking: Asking) -> None:
    async def story() -> None:
        alpha.sell(*range(1500))
        alpha.run("UPDATE outbox SET number = position; UPDATE outbox_head SET number = 1500")
        bus = Bus("nats://nobody@127.0.0.1:1", name="test")
        assert await Listening(beta, bus, asking).mend() == 1500
        assert beta.applied() == list(range(1500))
        assert beta.has_seen(1500)

    asyncio.run(story())


def test_what_the_producer_no_longer_keeps_is_set_apart_and_not_asked_for_again(
    alpha: Station, beta: Station, asking: Asking
) -> None:
    async def story() -> None:
        alpha.sell(*range(10))
        alpha.run("UPDATE outbox SET number = position; UPDATE outbox_head SET number = 10")
        alpha.run("DELETE FROM outbox WHERE number <= 4")
        listening = Listening(beta, Bus("nats://nobody@127.0.0.1:1", name="test"), asking)
        assert await listening.mend() == 6
        assert beta.applied() == list(range(4, 10))
        assert beta.rows("SELECT numbers::text, expired::text FROM inbox_seen") == [("{[5,11)}", "{[1,5)}")]
        assert await listening.mend() == 0

    asyncio.run(story())


def test_a_hole_in_the_outbox_itself_does_not_make_the_sweep_go_round(
    alpha: Station, beta: Station, asking: Asking
) -> None:
    async def story() -> None:
        alpha.sell(*range(10))
        alpha.run("UPDATE outbox SET number = position; UPDATE outbox_head SET number = 10")
        alpha.run("DELETE FROM outbox WHERE number IN (4, 5)")
        listening = Listening(beta, Bus("nats://nobody@127.0.0.1:1", name="test"), asking)
        assert await listening.mend() == 8
        assert await listening.mend() == 0
        assert beta.rows("SELECT numbers::text FROM inbox_seen") == [("{[1,4),[6,11)}",)]

    asyncio.run(story())


def test_a_producer_that_was_set_back_to_a_copy_is_followed(
    alpha: Station, beta: Station, asking: Asking
) -> None:
    async def story() -> None:
        listening = Listening(beta, Bus("nats://nobody@127.0.0.1:1", name="test"), asking)
        alpha.sell(*range(10))
        alpha.run("UPDATE outbox SET number = position; UPDATE outbox_head SET number = 10")
        assert await listening.mend() == 10
        # The copy knows six; what it announces then gets the numbers 7 and 8 once more.
        alpha.run("DELETE FROM outbox WHERE number > 6; UPDATE outbox_head SET number = 6")
        alpha.sell(100, 101)
        alpha.run("UPDATE outbox SET number = position - 4 WHERE number IS NULL")
        alpha.run("UPDATE outbox_head SET number = 8")
        assert await listening.mend() == 0
        alpha.sell(102)
        alpha.run("UPDATE outbox SET number = 9 WHERE number IS NULL; UPDATE outbox_head SET number = 9")
        assert await listening.mend() == 1
        assert 102 in beta.applied()

    asyncio.run(story())


def test_a_part_that_does_not_answer_puts_the_sweep_off(beta: Station, environment: None) -> None:
    class Silent:
        def get(self, url: str, **params: int) -> Any:
            raise Unavailable("it does not answer")

    async def story() -> None:
        inbox = Inbox(beta.engine, listeners())
        bus = Bus("nats://nobody@127.0.0.1:1", name="test")
        intake = Intake(bus, inbox, part="beta", producer="alpha")
        sweep = Sweep(beta.engine, inbox, [intake], Silent(), {"alpha": "http://alpha.test"})
        sweep.soon()
        async with background(sweep.run) as task:
            await asyncio.sleep(0.5)
            assert not task.done()

    asyncio.run(story())


def test_after_the_broker_came_back_the_sweep_runs_by_itself(
    alpha: Station, beta: Station, nats: Nats, asking: Asking, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.kit.events.sweep.FIRST_SECONDS", 0.0)

    async def story() -> None:
        async with on_bus(nats.url) as bus:
            inbox = Inbox(beta.engine, listeners())
            intake = Intake(bus, inbox, part="beta", producer="alpha")
            sweep = Sweep(beta.engine, inbox, [intake], asking, {"alpha": "http://alpha.test"})
            bus.on_return(sweep.soon)
            async with background(intake.run), background(sweep.run):
                await publish(alpha, bus, 1, 2)
                await until(lambda: beta.has_seen(2))
                nats.kill()
                alpha.sell(3)
                alpha.run("UPDATE outbox SET number = 3 WHERE number IS NULL")
                alpha.run("UPDATE outbox_head SET number = 3, published = 3")  # and then it was lost
                await asyncio.to_thread(nats.start)
                await until(lambda: beta.has_seen(3), seconds=15)

    asyncio.run(story())
