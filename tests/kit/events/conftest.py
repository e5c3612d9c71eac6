"""Alpha and beta, new and empty, for each test that asks for them."""

import asyncio
from collections.abc import Iterator

import pytest

from deploy.engines import Engines
from services.kit.settings import kit_settings
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


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """What every process is told; for tests that go through HTTP."""
    monkeypatch.setenv("AMPARO_GATEWAY_URL", "http://gateway.test")
    monkeypatch.setenv("AMPARO_NATS_URL", "nats://nobody@127.0.0.1:1")
    monkeypatch.setenv("AMPARO_SECRET_KEY", "dGVzdHMtb25seS10ZXN0cy1vbmx5LXRlc3RzLW9ubHk=")
    kit_settings.cache_clear()
    yield
    kit_settings.cache_clear()
