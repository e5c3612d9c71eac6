"""The engines that the `amparo` command brings along: PostgreSQL and NATS, from their wheels.

For a laptop, the demo and the tests. They live and die with the process that starts them, listen
on nothing but a private socket and the loopback, and ask for passwords.
"""

from dataclasses import dataclass
from pathlib import Path

from deploy.engines.nats import Nats
from deploy.engines.postgres import Postgres
from deploy.problems import EngineFailed

__all__ = ["EngineFailed", "Engines", "Nats", "Postgres", "engines_in"]


@dataclass(frozen=True)
class Engines:
    """Both engines of one home."""

    postgres: Postgres
    nats: Nats

    def begin(self) -> None:
        """Start both; `wait` says when they are ready, and other work can be done meanwhile."""
        self.nats.begin()
        self.postgres.begin()

    def wait(self) -> None:
        self.nats.wait()
        self.postgres.wait()

    def start(self) -> None:
        self.begin()
        self.wait()

    def stop(self) -> None:
        self.nats.stop()
        self.postgres.stop()


def engines_in(home: Path, *, postgres_password: str, nats_password: str, durable: bool = True) -> Engines:
    """The engines whose data are under this home; `durable=False` is for tests only.

    Only the holder of the home's lock may start them.
    """
    home = home.resolve()
    logs = home / "log"
    return Engines(
        Postgres(home / "postgres", logs / "postgres.log", postgres_password, durable=durable),
        Nats(home / "nats", logs / "nats.log", nats_password),
    )
