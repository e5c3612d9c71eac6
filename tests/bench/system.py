"""The whole system on the bench's server, with members in it and tokens to call it with."""

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from deploy import console, installation
from deploy.databases import Database
from deploy.installation import Installation
from deploy.system import System, started
from tests.bench.server import Server


@dataclass(frozen=True)
class Running:
    """A running system: its addresses, its databases, and clients of it."""

    system: System
    installation: Installation

    @property
    def contributions(self) -> Database:
        return self.installation.databases["contributions"]

    @property
    def urls(self) -> dict[str, str]:
        return self.installation.urls

    def tokens(self, role: str, count: int) -> list[str]:
        """Access tokens of `count` systems with this role."""
        with installation.surroundings_of("gateway", self.system.home):
            url = os.environ["AMPARO_GATEWAY_DATABASE_URL"]
            added = [console.add_client(url, f"bench {n}", role, None) for n in range(count)]
        with httpx.Client(base_url=self.system.url) as http:
            return [
                http.post(
                    "/oauth/token",
                    data={"grant_type": "client_credentials"},
                    auth=(str(one.client_id), one.client_secret),
                ).json()["access_token"]
                for one in added
            ]


@contextmanager
def on_its_own() -> Iterator[None]:
    """Without the bench's own surroundings: a system that starts now chooses its own."""
    before = dict(os.environ)
    for name in [name for name in before if name.startswith("AMPARO_")]:
        del os.environ[name]
    try:
        yield
    finally:
        os.environ.update(before)


@contextmanager
def running(server: Server, home: Path) -> Iterator[Running]:
    """`amparo up` against the bench's PostgreSQL and NATS, stopped in the end."""
    told = {
        "AMPARO_DATABASE_URL": server.admin_url,
        "AMPARO_NATS_URL": server.engines.nats.url,
        "AMPARO_GATEWAY_REQUESTS_PER_SECOND": "1000000",
    }
    with ExitStack() as stack:
        with on_its_own():
            system = stack.enter_context(started(home, port=0, **told))
        kept = {name: os.environ.get(name) for name in told}
        os.environ.update(told)
        try:
            yield Running(system, installation.told_by(system.state, system.home))
        finally:
            for name, value in kept.items():
                os.environ.pop(name)
                if value is not None:
                    os.environ[name] = value
