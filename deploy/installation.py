"""One installation: its databases and addresses, and what each process must be told.

Whatever the environment already says wins: `AMPARO_DATABASE_URL` and `AMPARO_NATS_URL` put outside
servers in the engines' place, `AMPARO_REGISTRY_DATABASE_URL` and the like a database that somebody
else has made.
"""

import os
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from typing import Any

from deploy import databases, ports
from deploy.databases import Database
from deploy.home import Home
from deploy.parts import PARTS
from deploy.problems import HomeTaken
from deploy.servers import servers_of


@dataclass(frozen=True)
class Installation:
    """What is known of one home's surroundings once its servers run."""

    home: Home
    databases: dict[str, Database]
    nats_url: str
    urls: dict[str, str]

    def environment(self, part: str) -> dict[str, str]:
        """What the processes of one part are told: of databases only its own, as the runtime role."""
        told = {
            "AMPARO_NATS_URL": self.nats_url,
            "AMPARO_SECRET_KEY": self.home.secret("secret-key"),
            f"AMPARO_{part.upper()}_DATABASE_URL": self.databases[part].url,
            f"AMPARO_{part.upper()}_CLIENT_SECRET": self.client_secrets()[part],
            **{f"AMPARO_{name.upper()}_URL": url for name, url in self.urls.items()},
        }
        return {name: os.environ.get(name) or value for name, value in told.items()}

    def client_secrets(self) -> dict[str, str]:
        """Each part's own credential at the gateway, by part."""
        return {part: named_secret(part) or self.home.secret(f"client-service-{part}") for part in PARTS}

    def told(self) -> dict[str, Any]:
        """For `state.json`, from which `told_by` makes this again."""
        return {
            "databases": {part: asdict(database) for part, database in self.databases.items()},
            "nats_url": self.nats_url,
            "urls": self.urls,
        }


def told_by(state: Mapping[str, Any], home: Home) -> Installation:
    """The installation that a running `amparo up` told of in its home's state."""
    known = {part: Database(**database) for part, database in state["databases"].items()}
    return Installation(home, known, state["nats_url"], state["urls"])


def choose_urls(port: int) -> dict[str, str]:
    """The gateway's address at this port, and the services' at the next ports, or at any free ones."""
    services = [part for part in PARTS if part != "gateway"]
    chosen = {part: ports.free_port(port + 1 + number) for number, part in enumerate(services)}
    return {part: f"http://{ports.LOOPBACK}:{number}" for part, number in {"gateway": port, **chosen}.items()}


def plan_databases(home: Home, admin_url: str) -> dict[str, Database]:
    """Each part's database: as the environment names it, or on this server under names of ours."""
    return {part: named_database(part) or _our_database(home, admin_url, part) for part in PARTS}


def _our_database(home: Home, admin_url: str, part: str) -> Database:
    return databases.database_of(
        admin_url,
        part,
        owner_password=home.secret(f"{part}-owner"),
        runtime_password=home.secret(f"{part}-runtime"),
    )


def prepare(part: str, database: Database, admin_url: str) -> None:
    """Make a part's database if we may, and bring it to the newest version; again, no effect.

    One that the environment names while it gives no administrator is left to whoever made it, and
    one without an owner's address is not migrated.
    """
    from services.kit import migrations  # heavy, and few commands need it

    if admin_url and database.owner_url:
        databases.make_database(admin_url, database)
    if database.owner_url:
        migrations.migrate(part, database.owner_url, runtime_role=database.role)


def introduce_parts(planned: Mapping[str, Database], client_secrets: Mapping[str, str]) -> None:
    """Have the gateway know each part by its secret, once its database is prepared."""
    from deploy import console

    if "gateway" in planned and client_secrets:
        console.introduce_parts(planned["gateway"].url, client_secrets)


def named_database(part: str) -> Database | None:
    """The database that the environment names for a part, if it does."""
    url = os.environ.get(f"AMPARO_{part.upper()}_DATABASE_URL", "")
    owner_url = os.environ.get(f"AMPARO_{part.upper()}_OWNER_DATABASE_URL", "")
    return Database(url, owner_url) if url else None


def admin_url_for(part: str, admin_url: str) -> str:
    """Who may make a part's database: nobody, if the environment names it and no administrator."""
    is_named = named_database(part) is not None
    return os.environ.get("AMPARO_DATABASE_URL", "") if is_named else admin_url


def named_secret(part: str) -> str:
    """The credential that the environment names for a part, or nothing."""
    return os.environ.get(f"AMPARO_{part.upper()}_CLIENT_SECRET", "")


@contextmanager
def reached(home: Home, wait_seconds: float = 30) -> Iterator[Installation]:
    """The installation of a home: the one that runs there, or one started for this command only.

    Raises HomeTaken when another command holds the home for longer than the wait.
    """
    until = time.monotonic() + wait_seconds
    with ExitStack() as held:
        while True:
            try:
                held.enter_context(home.lock())
                break
            except HomeTaken:
                state = home.state()
                if state is None and time.monotonic() > until:
                    raise
            if state is not None:
                yield told_by(state, home)
                return
            time.sleep(0.2)
        servers = servers_of(home)
        held.callback(servers.stop)
        servers.begin()
        servers.wait()
        planned = plan_databases(home, servers.admin_url)
        for part, database in planned.items():
            prepare(part, database, admin_url_for(part, servers.admin_url))
        installation = Installation(home, planned, servers.nats_url, choose_urls(8000))
        introduce_parts(planned, installation.client_secrets())
        yield installation


@contextmanager
def surroundings_of(part: str, home: Home) -> Iterator[None]:
    """Have the environment say what a part needs: as it does in production, else as the home knows it."""
    if os.environ.get(f"AMPARO_{part.upper()}_DATABASE_URL"):
        yield
        return
    with reached(home) as installation:
        os.environ.update(installation.environment(part))
        yield
