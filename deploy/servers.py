"""The servers that an installation stands on: engines of its own, or those that it is pointed to."""

import os
from dataclasses import dataclass

from deploy.engines import Nats, Postgres, engines_in
from deploy.home import Home


@dataclass(frozen=True)
class Servers:
    """A PostgreSQL and a NATS; those named by the environment are not ours to start or stop."""

    postgres: Postgres
    nats: Nats

    @property
    def admin_url(self) -> str:
        return os.environ.get("AMPARO_DATABASE_URL") or self.postgres.admin_url

    @property
    def nats_url(self) -> str:
        return os.environ.get("AMPARO_NATS_URL") or self.nats.url

    @property
    def ours(self) -> dict[str, Postgres | Nats]:
        """The engines to start here, by name, in the order to start them in."""
        ours: dict[str, Postgres | Nats] = {}
        if not os.environ.get("AMPARO_NATS_URL"):
            ours["nats"] = self.nats
        if not os.environ.get("AMPARO_DATABASE_URL"):
            ours["postgres"] = self.postgres
        return ours

    def begin(self) -> None:
        """Start those that are ours; `wait` says when they are ready."""
        for engine in self.ours.values():
            engine.begin()

    def wait(self) -> None:
        for engine in self.ours.values():
            engine.wait()

    def stop(self) -> None:
        for engine in self.ours.values():
            engine.stop()


def servers_of(home: Home) -> Servers:
    """The servers of a home, not started; only the holder of its lock may start them."""
    engines = engines_in(
        home.path, postgres_password=home.secret("postgres"), nats_password=home.secret("nats")
    )
    return Servers(engines.postgres, engines.nats)
