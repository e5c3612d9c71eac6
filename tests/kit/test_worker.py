"""Workers as the processes that they are: started, told to stop, killed, and dying of their own faults."""

import asyncio
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
import uvicorn
from fastapi import FastAPI

from deploy import ports
from deploy.engines import Engines
from services.kit.app import new_app
from services.kit.db import session_edge
from services.kit.events import feed
from services.kit.events.bus import STREAM
from services.kit.settings import kit_settings
from tests import tokens
from tests.kit.events import stations
from tests.kit.events.stations import Station

SECRET_KEY = "dGVzdHMtb25seS10ZXN0cy1vbmx5LXRlc3RzLW9ubHk="


@dataclass
class Surroundings:
    """Two parts' databases, a broker, and alpha's HTTP face with a stand-in for the gateway's tokens."""

    alpha: Station
    beta: Station
    environment: dict[str, str]
    logs: Path

    @contextmanager
    def worker(self, part: str, **more: str) -> Iterator["subprocess.Popen[bytes]"]:
        """A worker process; whatever the test did to it, none is left."""
        with (self.logs / f"{part}.log").open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "tests.kit.events.process", part],
                env=os.environ | self.environment | more,
                stdout=log,
                stderr=log,
            )
        try:
            yield process
        finally:
            process.kill()
            process.wait()

    def log(self, part: str) -> str:
        return (self.logs / f"{part}.log").read_text()


@pytest.fixture
def parts(
    engines: Engines, nats_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Surroundings]:
    alpha, beta = stations.station(engines, "alpha"), stations.station(engines, "beta")
    port = ports.free_port(18_100)
    environment = {
        "AMPARO_GATEWAY_URL": f"http://127.0.0.1:{port}",
        "AMPARO_ALPHA_URL": f"http://127.0.0.1:{port}",
        "AMPARO_NATS_URL": nats_url,
        "AMPARO_SECRET_KEY": SECRET_KEY,
        "AMPARO_ALPHA_DATABASE_URL": alpha.database.url,
        "AMPARO_ALPHA_CLIENT_SECRET": "secret-for-tests",
        "AMPARO_BETA_DATABASE_URL": beta.database.url,
        "AMPARO_BETA_CLIENT_SECRET": "secret-for-tests",
    }
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    kit_settings.cache_clear()
    asyncio.run(stations.delete_stream(nats_url, STREAM))
    with serving(alpha_api(alpha), port):
        yield Surroundings(alpha, beta, environment, tmp_path)
    asyncio.run(stations.delete_stream(nats_url, STREAM))
    kit_settings.cache_clear()
    alpha.engine.dispose()
    beta.engine.dispose()


def alpha_api(alpha: Station) -> FastAPI:
    app = new_app("alpha", "For tests.", feed.router(session_edge(lambda: alpha.engine)), engine=alpha.engine)

    @app.post("/oauth/token")
    def token() -> dict[str, str | int]:
        return {"access_token": tokens.token(tokens.service()), "expires_in": 600}

    return app


@contextmanager
def serving(app: FastAPI, port: int) -> Iterator[None]:
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_config=None))
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        yield
    finally:
        server.should_exit = True
        thread.join()


def wait_until(holds: Callable[[], bool], *, seconds: float = 30) -> None:
    until = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < until, "waited too long"
        time.sleep(0.05)


def test_workers_carry_events_and_run_jobs_and_stop_when_told(parts: Surroundings) -> None:
    port = str(ports.free_port(18_300))
    with parts.worker("alpha", AMPARO_WORKER_PORT=port) as alpha, parts.worker("beta") as beta:
        parts.alpha.sell(1, 2, 3)
        parts.alpha.run(
            "SELECT procrastinate_defer_jobs_v1(ARRAY[ROW('default', 'write_down', 0, NULL, NULL,"
            " '{\"value\": 7}'::jsonb, NULL)::procrastinate_job_to_defer_v1])"
        )
        wait_until(lambda: parts.beta.has_seen(3))
        wait_until(lambda: parts.alpha.applied() == [7])
        assert parts.beta.applied() == [1, 2, 3]
        assert httpx.get(f"http://127.0.0.1:{port}/readyz").json() == {"status": "ready"}
        assert "amparo_events_published_total" in httpx.get(f"http://127.0.0.1:{port}/metrics").text
        for process in (alpha, beta):
            process.send_signal(signal.SIGTERM)
        assert [process.wait(10) for process in (alpha, beta)] == [0, 0]
    assert "Traceback" not in parts.log("alpha") + parts.log("beta")


def test_workers_that_are_killed_lose_nothing_and_repeat_nothing(parts: Surroundings) -> None:
    selling = threading.Event()

    def sell() -> None:
        for first in range(0, 10_000, 50):
            parts.alpha.sell(*range(first, first + 50))
        selling.set()

    seller = threading.Thread(target=sell)
    seller.start()
    with parts.worker("alpha") as alpha, parts.worker("beta") as beta:
        wait_until(lambda: len(parts.beta.applied()) > 1000)
        alpha.kill()
        beta.kill()
    with parts.worker("alpha") as alpha, parts.worker("beta"), parts.worker("beta") as other:
        seen = len(parts.beta.applied())
        wait_until(lambda: len(parts.beta.applied()) > seen)
        other.kill()
        alpha.kill()
    with parts.worker("alpha"), parts.worker("beta"):
        seller.join()
        wait_until(lambda: parts.beta.has_seen(10_000))
    assert selling.is_set()
    assert parts.beta.applied() == list(range(10_000))


def test_a_worker_that_cannot_go_on_exits_with_an_error(parts: Surroundings) -> None:
    parts.beta.sell(1)  # alpha's event, announced by beta: a programming error
    with parts.worker("beta") as beta:
        assert beta.wait(20) == 1
    assert "another part's to announce" in parts.log("beta")


def test_a_worker_says_what_it_must_be_told(parts: Surroundings, monkeypatch: pytest.MonkeyPatch) -> None:
    del parts.environment["AMPARO_ALPHA_URL"]
    monkeypatch.delenv("AMPARO_ALPHA_URL")
    with parts.worker("beta") as beta:
        assert beta.wait(20) == 1
    assert "set AMPARO_ALPHA_URL" in parts.log("beta")


def test_a_worker_waits_for_a_broker_and_a_database_that_are_not_there_yet(parts: Surroundings) -> None:
    with parts.worker("alpha", AMPARO_NATS_URL="nats://nobody@127.0.0.1:1") as alpha:
        wait_until(lambda: "broker_error" in parts.log("alpha"))
        parts.alpha.sell(1)
        wait_until(lambda: parts.alpha.ask("SELECT number FROM outbox_head") == 1)
        assert alpha.poll() is None
        alpha.send_signal(signal.SIGTERM)
        assert alpha.wait(10) == 0
    nowhere = "postgresql://nobody@127.0.0.1:1/nothing"
    with parts.worker("alpha", AMPARO_ALPHA_DATABASE_URL=nowhere) as alpha:
        wait_until(lambda: "loop_interrupted" in parts.log("alpha"))
        time.sleep(1)
        assert alpha.poll() is None
