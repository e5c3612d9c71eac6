"""What `amparo up` does: engines, databases, migrations, then two processes for each part."""

import os
import signal
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial

import psutil

from deploy import forking, ports, processes
from deploy.databases import Database
from deploy.home import Home
from deploy.installation import (
    Installation,
    admin_url_for,
    choose_urls,
    introduce_parts,
    plan_databases,
    prepare,
)
from deploy.parts import KINDS, PARTS, load
from deploy.problems import HomeTaken, NotPrepared, StopAsked
from deploy.servers import Servers, servers_of
from deploy.serving import serve, work
from deploy.supervisor import Service, Supervisor


@contextmanager
def until_asked_to_stop() -> Iterator[None]:
    """Raise StopAsked at the first Ctrl-C, SIGTERM or end of the terminal; the stop is not interrupted."""
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

    def stop(*_: object) -> None:
        for number in numbers:
            signal.signal(number, signal.SIG_IGN)
        raise StopAsked

    before = {number: signal.signal(number, stop) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def up(home: Home, *, host: str, port: int, say: Callable[[str], None]) -> None:
    """Run everything until an exception (from a signal's handler) ends it; leave nothing running.

    Raises HomeTaken, EngineFailed, NotPrepared, NotReady.
    """
    if not ports.is_free(port, host):
        raise HomeTaken(f"port {port} is taken: choose another with --port")
    # The processes of one that was killed hold the lock until the last of them has ended.
    with home.lock(wait_seconds=0 if home.state() else 30), _servers(home, say) as servers:
        for part in PARTS:
            for kind in KINDS:
                load(part, kind)
        servers.wait()
        planned = plan_databases(home, servers.admin_url)
        installation = Installation(home, planned, servers.nats_url, choose_urls(port))
        forking.settle_memory()
        _prepare(home, planned, servers.admin_url)
        introduce_parts(planned, installation.client_secrets())
        supervisor = Supervisor(servers.ours, _services(installation, host), say)
        supervisor.changed = partial(_tell, home, installation, supervisor)
        try:
            supervisor.start()
            supervisor.wait_until_ready()
            _tell(home, installation, supervisor, is_ready=True)
            supervisor.changed = partial(_tell, home, installation, supervisor, is_ready=True)
            seconds = time.time() - psutil.Process().create_time()
            say(f"Amparo is ready at {installation.urls['gateway']} ({seconds:.1f} s)")
            supervisor.watch()
        finally:
            say("stopping")
            supervisor.stop()
            home.forget()


def _prepare(home: Home, planned: Mapping[str, Database], admin_url: str) -> None:
    log = home.logs / "migrations.log"
    tasks = {
        part: partial(prepare, part, database, admin_url_for(part, admin_url))
        for part, database in planned.items()
    }
    if failed := forking.side_by_side(tasks, log=log):
        raise NotPrepared(
            f"the databases of {', '.join(failed)} could not be prepared\n{processes.last_lines(log)}"
        )


@contextmanager
def _servers(home: Home, say: Callable[[str], None]) -> Iterator[Servers]:
    servers = servers_of(home)
    try:
        servers.begin()
        for directory in servers.postgres.opened:
            say(f"PostgreSQL does not run as root: others may now pass through {directory}")
        yield servers
    finally:
        servers.stop()


def _services(installation: Installation, host: str) -> dict[str, Service]:
    services = {}
    logs = installation.home.logs
    for part in PARTS:
        environment = installation.environment(part)
        bind = host if part == "gateway" else ports.LOOPBACK
        port = int(installation.urls[part].rpartition(":")[2])
        services[f"{part}-api"] = Service(
            partial(serve, part, bind, port), logs / f"{part}-api.log", environment, _readiness(port)
        )
        port = ports.free_port()
        services[f"{part}-worker"] = Service(
            partial(work, part),
            logs / f"{part}-worker.log",
            {**environment, "AMPARO_WORKER_PORT": str(port)},
            _readiness(port),
        )
    return services


def _readiness(port: int) -> str:
    return f"http://{ports.LOOPBACK}:{port}/readyz"


def _tell(home: Home, installation: Installation, supervisor: Supervisor, *, is_ready: bool = False) -> None:
    kept = {**supervisor.engines, **supervisor.services}
    home.tell(
        {
            "pid": os.getpid(),
            "is_ready": is_ready,
            "url": installation.urls["gateway"],
            "processes": {name: one.pid for name, one in kept.items()},
            **installation.told(),
        }
    )
