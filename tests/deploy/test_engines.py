"""Engines start on what any end has left, keep what was written, and leave no process behind."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from deploy.engines import Engines, engines_in
from tests.deploy.ends import has_ended, wait_until_ended

PASSWORDS = {"postgres_password": "one", "nats_password": "two"}

STARTER = """
import sys, time
from pathlib import Path
from deploy.engines import engines_in
engines = engines_in(Path(sys.argv[1]), postgres_password="one", nats_password="two", durable=False)
engines.start()
print(engines.postgres.pid, engines.nats.pid, flush=True)
time.sleep(60)
"""


@pytest.fixture
def home(make_home: Callable[[], Path]) -> Path:
    return make_home()


@pytest.fixture
def own_engines(home: Path) -> Iterator[Engines]:
    """Engines of this test alone, to be treated badly."""
    own = engines_in(home, durable=False, **PASSWORDS)
    yield own
    own.stop()


def test_what_was_written_survives_a_stop(own_engines: Engines) -> None:
    own_engines.start()
    with psycopg.connect(own_engines.postgres.admin_url) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 1 AS one")
    port = own_engines.nats.port
    own_engines.stop()
    own_engines.start()
    with psycopg.connect(own_engines.postgres.admin_url) as connection:
        assert connection.execute("SELECT one FROM kept").fetchone() == (1,)
    assert own_engines.nats.port == port


def test_killed_engines_start_again_with_what_was_committed(own_engines: Engines) -> None:
    own_engines.start()
    with psycopg.connect(own_engines.postgres.admin_url) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 1 AS one")
    for pid in (own_engines.postgres.pid, own_engines.nats.pid):
        assert pid
        os.kill(pid, signal.SIGKILL)
    own_engines.start()
    with psycopg.connect(own_engines.postgres.admin_url) as connection:
        assert connection.execute("SELECT one FROM kept").fetchone() == (1,)


def test_a_lock_that_a_cut_of_power_left_does_not_stop_the_start(own_engines: Engines) -> None:
    own_engines.start()
    lock = own_engines.postgres.data / "postmaster.pid"
    left = lock.read_text().split("\n", 1)[1]
    own_engines.stop()
    # The id that the lock names belongs to somebody else by now: to us.
    lock.write_text(f"{os.getpid()}\n{left}")
    (own_engines.nats.directory / "nats.pid").write_text(str(os.getpid()))
    own_engines.start()


def test_nobody_enters_without_the_password(own_engines: Engines) -> None:
    own_engines.start()
    assert "one@" in own_engines.postgres.admin_url
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(own_engines.postgres.admin_url.replace("one@", "other@"))
    assert own_engines.postgres.socket_directory.stat().st_mode & 0o077 == 0


def test_a_home_may_have_spaces_commas_and_accents_in_its_path(home: Path) -> None:
    own = engines_in(home / "año, 1", durable=False, **PASSWORDS)
    try:
        own.start()
        psycopg.connect(own.postgres.admin_url).close()
        assert own.nats.store.exists()
    finally:
        own.stop()


def test_a_home_with_a_long_path_gets_its_socket_elsewhere(home: Path) -> None:
    own = engines_in(home / ("long" * 25), durable=False, **PASSWORDS)
    try:
        own.postgres.start()
        psycopg.connect(own.postgres.admin_url).close()
        assert not own.postgres.socket_directory.is_relative_to(home)
    finally:
        own.postgres.stop()
    assert not own.postgres.socket_directory.exists()


def test_engines_end_with_the_process_that_started_them(home: Path) -> None:
    starter = subprocess.Popen([sys.executable, "-c", STARTER, home], stdout=subprocess.PIPE)
    assert starter.stdout
    with starter.stdout as told:
        pids = [int(pid) for pid in told.readline().split()]
    assert [has_ended(pid) for pid in pids] == [False, False]
    starter.kill()
    starter.wait()
    wait_until_ended(*pids)


def test_engines_left_running_by_a_dead_process_are_taken_over(own_engines: Engines) -> None:
    other = engines_in(own_engines.postgres.data.parent, durable=False, **PASSWORDS)
    other.start()
    left = other.postgres.pid, other.nats.pid
    own_engines.start()
    wait_until_ended(*left)
    psycopg.connect(own_engines.postgres.admin_url).close()
    # Reaped here, since they are this process's children after all.
    other.stop()
