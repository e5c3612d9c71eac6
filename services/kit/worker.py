"""A part's second process: it relays what the part announces, takes in what others do, and runs jobs.

    def main() -> None:
        worker.run(Part("registry", settings(), engine(), consumers=consumers, jobs=jobs))

Stateless: run as many as needed; one of them relays. It stops on SIGTERM when what it is in the middle
of is done, and exits with 1 when a loop ends for good, so that whoever runs it starts it anew.
"""

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import Awaitable, Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta

import structlog
import uvicorn
import uvloop
from fastapi import FastAPI
from sqlalchemy import Engine, text
from sqlmodel import Session

from services.kit import clock, jobs, problems, telemetry
from services.kit.events import inbox, letters, metrics, outbox
from services.kit.events.bus import Bus
from services.kit.events.consumers import Consumers
from services.kit.events.inbox import Inbox
from services.kit.events.intake import Intake
from services.kit.events.relay import Relay
from services.kit.events.sweep import Sweep
from services.kit.http import ServiceClient
from services.kit.jobs import Jobs
from services.kit.loops import every, in_thread, keep_running
from services.kit.settings import PartSettings, kit_settings

_log = structlog.get_logger()

STOP_SECONDS_MAX = 25.0
_THREADS_MAX = 32
_LETTERS_SECONDS = 1.0
_UPKEEP_SECONDS = 60.0
_INBOX_KEPT_DAYS = 2 * outbox.KEPT_DAYS  # longer than any message can come again


@dataclass(frozen=True)
class Part:
    """What a worker works for. `loops` are further endless coroutines of the part's own, by name."""

    name: str
    settings: PartSettings
    engine: Engine
    consumers: Consumers | None = None
    jobs: Jobs | None = None
    loops: Mapping[str, Callable[[], Awaitable[None]]] = field(default_factory=dict)


def run(part: Part) -> None:
    """Work until SIGTERM or SIGINT; exits with 1 when something ended that must not."""
    telemetry.configure_logging(kit_settings().log_level)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        code = runner.run(_until_told(part))
    sys.exit(code)


async def _until_told(part: Part) -> int:
    loop, told = asyncio.get_running_loop(), asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, told.set)
    # Intakes, sweeps and jobs block in threads: the default of two more than cores would starve them.
    loop.set_default_executor(ThreadPoolExecutor(_THREADS_MAX))
    working, telling = asyncio.ensure_future(work(part)), asyncio.ensure_future(told.wait())
    await asyncio.wait([working, telling], return_when=asyncio.FIRST_COMPLETED)
    telling.cancel()
    if not told.is_set():
        _log.critical("worker_ended", part=part.name, exc_info=working.exception())
        return 1
    _log.info("worker_stopping", part=part.name)
    working.cancel()
    _, unfinished = await asyncio.wait([working], timeout=STOP_SECONDS_MAX)
    if unfinished:
        _log.error("worker_cut_short", part=part.name)
        os._exit(1)  # a thread that does not end would hold the process for ever
    return 0


async def work(part: Part) -> None:
    """Everything that one worker does, until cancelled. Raises what must not be outlived."""
    bus = Bus(kit_settings().nats_url.get_secret_value(), name=f"amparo-{part.name}")
    consumers = part.consumers or Consumers(part.name)
    intake = Inbox(part.engine, consumers)
    intakes = [Intake(bus, intake, part=part.name, producer=one) for one in consumers.producers]
    client = ServiceClient(part.name, part.settings.client_secret.get_secret_value())
    sweep = Sweep(part.engine, intake, intakes, client, {one: url_of(one) for one in consumers.producers})
    bus.on_return(sweep.soon)
    try:
        async with asyncio.TaskGroup() as loops:
            loops.create_task(bus.run())
            loops.create_task(Relay(part.name, part.settings.database_url, bus).run())
            for one in intakes:
                loops.create_task(one.run())
            if intakes:
                loops.create_task(sweep.run())
                loops.create_task(keep_running("letters", lambda: _try_letters(intake)))
            if part.jobs is not None:
                loops.create_task(keep_running("jobs", lambda: _run_jobs(part)))
            loops.create_task(keep_running("upkeep", lambda: _upkeep(part)))
            for name, loop in part.loops.items():
                loops.create_task(keep_running(name, loop))
            if port := os.environ.get("AMPARO_WORKER_PORT"):
                loops.create_task(_serve(part, int(port)))
            _log.info("worker_working", part=part.name, listens_to=consumers.producers)
    finally:
        await bus.close()


def url_of(part: str) -> str:
    """Where another part's api is. Raises RuntimeError when the environment does not say."""
    name = f"AMPARO_{part.upper()}_URL"
    try:
        return os.environ[name].rstrip("/")
    except KeyError:
        raise RuntimeError(f"set {name}: this part listens to {part}") from None


async def _try_letters(intake: Inbox) -> None:
    await every(_LETTERS_SECONDS, lambda: in_thread(intake.try_letters))


async def _run_jobs(part: Part) -> None:
    assert part.jobs is not None
    await part.jobs.run(part.settings.database_url)


async def _upkeep(part: Part) -> None:
    await every(_UPKEEP_SECONDS, lambda: in_thread(upkeep, part))


def upkeep(part: Part) -> None:
    """What is done each minute: rescue jobs, forget what is old, count what waits."""
    jobs.rescue(part.engine)
    jobs.forget(part.engine)
    with Session(part.engine) as session, session.begin():
        outbox.forget(session, before=clock.now() - timedelta(days=outbox.KEPT_DAYS))
        inbox.forget(session, days=_INBOX_KEPT_DAYS)
        for state, count in letters.counts(session).items():
            metrics.letters.labels(part.name, state).set(count)
        waiting = session.execute(
            text(
                "SELECT number - published + (SELECT count(*) FROM outbox WHERE number IS NULL)"
                " FROM outbox_head"
            )
        ).scalar_one()
        metrics.waiting.labels(part.name).set(waiting)


async def _serve(part: Part, port: int) -> None:
    """`/healthz`, `/readyz` and `/metrics`, for those who look after processes."""
    app = FastAPI(openapi_url=None)
    problems.install(app)
    telemetry.install(app, part=part.name, engine=part.engine)
    host = os.environ.get("AMPARO_WORKER_HOST", "127.0.0.1")
    config = uvicorn.Config(app, host=host, port=port, log_config=None, access_log=False, lifespan="off")
    await _Server(config).serve()


class _Server(uvicorn.Server):
    """Uvicorn without signal handlers of its own: the worker has them."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield
