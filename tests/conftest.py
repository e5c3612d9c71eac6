"""The engines of the test run, and databases on them.

One PostgreSQL and one NATS serve the whole run, in a home of their own on free ports, and end with
it. A part's migrations run once, into a template; `database(part)` clones it in a moment.
"""

import contextlib
import itertools
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from deploy import databases
from deploy.databases import Database
from deploy.engines import Engines, engines_in


@pytest.fixture(scope="session")
def make_home() -> Iterator[Callable[[], Path]]:
    """`make_home()`: an empty directory for engines of a test's own, gone after the run.

    Not one of pytest's: each run bars those to all but root, and root's PostgreSQL is somebody else.
    """
    with contextlib.ExitStack() as homes:
        prefix = "amparo-tests-"
        yield lambda: Path(homes.enter_context(tempfile.TemporaryDirectory(prefix=prefix)))


@pytest.fixture(scope="session")
def engines(make_home: Callable[[], Path]) -> Iterator[Engines]:
    """PostgreSQL and NATS, running; they forget all at a cut of power, which makes them quick."""
    engines = engines_in(
        make_home(),
        postgres_password="postgres-for-tests",
        nats_password="nats-for-tests",
        durable=False,
    )
    try:
        engines.start()
        yield engines
    finally:
        engines.stop()


@pytest.fixture(scope="session")
def template(engines: Engines) -> Callable[[str], Database]:
    """`template(part)`: that part's database as its migrations make it; connect to none of them."""
    # Imported here: tests of rules need no database, and should start at once.
    from services.kit import migrations

    made: dict[str, Database] = {}

    def template_of(part: str) -> Database:
        if part not in made:
            admin_url = engines.postgres.admin_url
            database = databases.database_of(
                admin_url, part, owner_password="owner-for-tests", runtime_password="runtime-for-tests"
            )
            databases.make_database(admin_url, database)
            migrations.migrate(part, database.owner_url, runtime_role=database.role)
            made[part] = database
        return made[part]

    return template_of


@pytest.fixture(scope="session")
def make_database(engines: Engines, template: Callable[[str], Database]) -> Callable[[str], Database]:
    """`make_database(part)`: a migrated, empty database that lives as long as the run.

    For tests that roll back what they do; those that commit take `database`.
    """
    numbers = itertools.count(1)
    admin_url = engines.postgres.admin_url

    def make(part: str) -> Database:
        name = f"test_{part}_{next(numbers)}"
        return databases.clone_database(admin_url, template(part), name)

    return make


@pytest.fixture
def database(
    engines: Engines, make_database: Callable[[str], Database]
) -> Iterator[Callable[[str], Database]]:
    """`database(part)`: a migrated, empty database for one test alone, dropped after it."""
    made: list[Database] = []

    def make(part: str) -> Database:
        made.append(make_database(part))
        return made[-1]

    yield make
    for one in made:
        databases.drop_database(engines.postgres.admin_url, one.name)


@pytest.fixture(scope="session")
def nats_url(engines: Engines) -> str:
    """The run's NATS, with JetStream; streams made there stay until the run ends."""
    return engines.nats.url
