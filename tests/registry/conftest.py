"""The registry on a migrated database: each test in one transaction, which is rolled back after it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import Connection
from sqlmodel import Session

from deploy.databases import Database
from services.kit import clock
from services.kit.db import raw
from services.kit.settings import kit_settings
from services.registry import db, settings
from tests.registry.people import Office

TODAY = date(2026, 7, 6)
"""The business date of these tests."""

ENVIRONMENT = {
    "AMPARO_REGISTRY_CLIENT_SECRET": "secret-for-tests",
    "AMPARO_NATS_URL": "nats://nobody@127.0.0.1:1",
    "AMPARO_SECRET_KEY": "dGVzdHMtb25seS10ZXN0cy1vbmx5LXRlc3RzLW9ubHk=",
    "AMPARO_SANDBOX": "1",
}
CACHES = (kit_settings, settings.settings, db.engine, db.pool)


@pytest.fixture(scope="session")
def registry_database(make_database: Callable[[str], Database]) -> Database:
    return make_database("registry")


@contextmanager
def settled_in(database: Database) -> Iterator[Database]:
    """The service's settings point to a database, until the end of the block."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("AMPARO_REGISTRY_DATABASE_URL", database.url)
        for name, value in ENVIRONMENT.items():
            environment.setenv(name, value)
        for cache in CACHES:
            cache.cache_clear()
        yield database
        db.engine().dispose()
        for cache in CACHES:
            cache.cache_clear()


@pytest.fixture
def registry(registry_database: Database) -> Iterator[Database]:
    """The service works in the shared database, in which nothing is ever committed."""
    with settled_in(registry_database):
        yield registry_database


@pytest.fixture
def connection(registry: Database) -> Iterator[Connection]:
    with db.engine().connect() as connection, connection.begin() as transaction:
        yield connection
        transaction.rollback()


@pytest.fixture
def session(connection: Connection) -> Iterator[Session]:
    """A session to arrange and look with; the business date is TODAY."""
    with Session(connection, expire_on_commit=False, join_transaction_mode="create_savepoint") as session:
        clock.set_business_today(session, TODAY)
        session.commit()
        yield session


@pytest.fixture(scope="session")
def app(registry_database: Database) -> FastAPI:
    """The service's HTTP face, made once: its routes cost more than a test."""
    from services.registry.app import create_app

    with settled_in(registry_database):
        return create_app()


@pytest.fixture
def api(app: FastAPI, connection: Connection, session: Session) -> Iterator[TestClient]:
    """The service, its sessions nested in the test's transaction: their commits are seen and undone."""

    def nested() -> Iterator[Session]:
        joined = Session(connection, expire_on_commit=False, join_transaction_mode="create_savepoint")
        with joined, joined.begin():
            yield joined

    @contextmanager
    def connected() -> Iterator[Any]:
        with raw(session).transaction():
            yield raw(session)

    app.dependency_overrides[db.get_session] = nested
    app.dependency_overrides[db.get_connections] = lambda: connected
    yield TestClient(app, raise_server_exceptions=False)
    app.dependency_overrides.clear()


@pytest.fixture
def office(api: TestClient) -> Office:
    """The people of the mutual, who speak to the service over HTTP."""
    return Office(api)


@pytest.fixture
def own_registry(database: Callable[[str], Database]) -> Iterator[Database]:
    """The service works in a database of this test's own: jobs and threads commit for themselves."""
    with settled_in(database("registry")) as mine:
        with Session(db.engine()) as session, session.begin():
            clock.set_business_today(session, TODAY)
        yield mine


@pytest.fixture
def own_office(own_registry: Database) -> Iterator[Office]:
    """The people of the mutual, whose requests are really committed."""
    from services.registry.app import create_app

    with TestClient(create_app(), raise_server_exceptions=False) as client:
        yield Office(client)
