"""Alpha and beta, new and empty, for each test that asks for them."""

import asyncio
from collections.abc import Iterator

import pytest

from deploy.engines import Engines
from tests.kit.events import stations
from tests.kit.events.stations import Station


@pytest.fixture
def alpha(engines: Engines) -> Iterator[Station]:
    made = stations.station(engines, "alpha")
    yield made
    made.engine.dispose()


@pytest.fixture
def beta(engines: Engines) -> Iterator[Station]:
    made = stations.station(engines, "beta")
    yield made
    made.engine.dispose()


@pytest.fixture
def broker(nats_url: str) -> Iterator[str]:
    """The run's broker without a stream of ours, before the test and after it."""
    asyncio.run(stations.delete_stream(nats_url))
    yield nats_url
    asyncio.run(stations.delete_stream(nats_url))
