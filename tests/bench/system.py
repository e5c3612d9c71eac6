"""The whole system on the bench's server, with members in it and tokens to call it with."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from deploy import console, installation
from deploy.databases import Database
from deploy.installation import Installation
from deploy.system import System, started
from tests.bench.server import Server

_OWN = ("AMPARO_CONTRIBUTIONS_DATABASE_URL", "AMPARO_CONTRIBUTIONS_CLIENT_SECRET", "AMPARO_SECRET_KEY")


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
def running(server: Server, home: Path) -> Iterator[Running]:
    """`amparo up` against the bench's PostgreSQL and NATS, stopped in the end."""
    engines = {"AMPARO_DATABASE_URL": server.admin_url, "AMPARO_NATS_URL": server.engines.nats.url}
    before = dict(os.environ)
    for name in _OWN:
        os.environ.pop(name, None)  # the system chooses its own, as it does for everybody
    with started(home, port=0, AMPARO_SANDBOX="1", **engines) as system:
        os.environ.update(before | engines)
        try:
            yield Running(system, installation.told_by(system.state, system.home))
        finally:
            for name in engines:
                del os.environ[name]
