"""The server that everything is measured on: one PostgreSQL and one NATS, durable, of the bench's own."""

import re
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from deploy import databases
from deploy.databases import Database
from deploy.engines import Engines, engines_in
from deploy.engines.postgres import binaries
from services.kit import migrations

FLOORS = Path(__file__).parent / "floors"


@dataclass(frozen=True)
class Server:
    """Engines, and databases on them."""

    engines: Engines

    @property
    def admin_url(self) -> str:
        return self.engines.postgres.admin_url

    def contributions(self, name: str) -> Database:
        """A migrated, empty database of the contributions service."""
        database = databases.database_of(
            self.admin_url, "contributions", owner_password="of-the-bench", runtime_password="of-the-bench"
        ).named(name)
        databases.make_database(self.admin_url, database)
        migrations.migrate("contributions", database.owner_url, runtime_role=database.role)
        return database

    def admin(self, database: str = "postgres") -> psycopg.Connection[tuple[object, ...]]:
        return psycopg.connect(databases.in_database(self.admin_url, database), autocommit=True)

    def settings(self) -> dict[str, str]:
        """What decides how long a commit takes; printed with the figures."""
        with self.admin() as connection:
            names = ("server_version", "fsync", "synchronous_commit", "shared_buffers", "max_wal_size")
            return {name: str(connection.execute(f"SHOW {name}").fetchall()[0][0]) for name in names}

    def pgbench_tps(self, *, seconds: int, scale: int = 50, clients: int = 8) -> float:
        """Transactions a second of pgbench's TPC-B, prepared: the floor for what commits one by one."""
        url = databases.in_database(self.admin_url, "pgbench")
        with self.admin() as connection:
            connection.execute("DROP DATABASE IF EXISTS pgbench WITH (FORCE)")
            connection.execute("CREATE DATABASE pgbench")
        self._run("pgbench", "-i", "-q", "-s", str(scale), url)
        said = self._run(
            "pgbench", "-n", "-M", "prepared", "-c", str(clients), "-j", "2", "-T", str(seconds), url
        )
        found = re.search(r"tps = ([0-9.]+)", said)
        assert found, said
        with self.admin() as connection:
            connection.execute("DROP DATABASE pgbench WITH (FORCE)")
        return float(found[1])

    def seconds_of(self, database: str, floor: str) -> float:
        """How long the SQL of `floors/<floor>.sql` takes, committed; timed from its line `-- timed`."""
        before, timed = (FLOORS / f"{floor}.sql").read_text().split("-- timed\n")
        with self.admin(database) as connection:
            connection.execute(before)
            connection.execute("CHECKPOINT")
            started = time.perf_counter()
            connection.execute(timed)
            return time.perf_counter() - started

    def _run(self, program: str, *arguments: str) -> str:
        command = [str(binaries() / program), *arguments]
        done = subprocess.run(command, capture_output=True, text=True, timeout=900, check=False)
        assert done.returncode == 0, done.stderr[-2000:]
        return done.stdout


@contextmanager
def server(home: Path) -> Iterator[Server]:
    """Engines of the bench's own, stopped in the end."""
    engines = engines_in(home, postgres_password="of-the-bench", nats_password="of-the-bench")
    try:
        engines.start()
        yield Server(engines)
    finally:
        engines.stop()
