"""The benefits service over HTTP on a migrated PostgreSQL.

Most tests run inside one transaction that is rolled back: `api` and `session` share it. Those that
race take `racing` instead: a database where everything is committed for real.
"""

from collections.abc import Callable, Iterator
from datetime import date

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from pydantic import SecretStr
from sqlalchemy import Connection, Engine
from sqlmodel import Session

from deploy.databases import Database
from services.benefits import db, settings
from services.kit import clock
from services.kit.db import make_engine
from services.kit.settings import kit_settings

TODAY = date(2026, 7, 20)
"""The business date of these tests."""

ENVIRONMENT = {
    "AMPARO_BENEFITS_DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none",
    "AMPARO_BENEFITS_CLIENT_SECRET": "secret-for-tests",
    "AMPARO_BENEFITS_DEBTOR_NAME": "Mutual de Prueba",
    "AMPARO_BENEFITS_DEBTOR_ACCOUNT": "0001112223",
    "AMPARO_BENEFITS_DEBTOR_BIC": "XXXXDOSD",
    "AMPARO_NATS_URL": "nats://nobody@127.0.0.1:1",
    "AMPARO_SECRET_KEY": "dGVzdHMtb25seS10ZXN0cy1vbmx5LXRlc3RzLW9ubHk=",
    "AMPARO_SANDBOX": "1",
}

_CACHES = (kit_settings, settings.settings, db.engine)


@pytest.fixture
def surroundings(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The environment of the service, without a database."""
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    for cache in _CACHES:
        cache.cache_clear()
    yield
    for cache in _CACHES:
        cache.cache_clear()


@pytest.fixture(scope="session")
def shared_engine(make_database: Callable[[str], Database]) -> Iterator[Engine]:
    """One database for all tests that roll back."""
    engine = make_engine(SecretStr(make_database("benefits").url))
    yield engine
    engine.dispose()


@pytest.fixture
def connection(surroundings: None, shared_engine: Engine) -> Iterator[Connection]:
    """The one connection of a test, rolled back at its end."""
    with shared_engine.connect() as connection:
        outer = connection.begin()
        yield connection
        outer.rollback()


def nested(connection: Connection) -> Session:
    """A session whose commit is a savepoint within the test's transaction."""
    return Session(connection, join_transaction_mode="create_savepoint", expire_on_commit=False)


@pytest.fixture
def session(connection: Connection) -> Iterator[Session]:
    """A session to arrange and look with; the business date is TODAY."""
    with nested(connection) as session:
        clock.set_business_today(session, TODAY)
        session.commit()
        yield session


@pytest.fixture(scope="session")
def app() -> FastAPI:
    """The service's HTTP face, made once: routes are many."""
    from services.benefits.app import create_app

    with pytest.MonkeyPatch.context() as patched:
        for name, value in ENVIRONMENT.items():
            patched.setenv(name, value)
        made = create_app()
    for cache in _CACHES:
        cache.cache_clear()
    return made


@pytest.fixture
def api(app: FastAPI, connection: Connection, session: Session) -> Iterator[TestClient]:
    """The service within the test's transaction: each request is a savepoint of it."""

    def get_session() -> Iterator[Session]:
        with nested(connection) as inner, inner.begin():
            yield inner

    app.dependency_overrides[db.get_session] = get_session
    yield TestClient(app, raise_server_exceptions=False)
    app.dependency_overrides.clear()


@pytest.fixture(scope="session")
def racing_url(make_database: Callable[[str], Database]) -> str:
    return make_database("benefits").url


@pytest.fixture
def racing(
    app: FastAPI, surroundings: None, racing_url: str, monkeypatch: pytest.MonkeyPatch
) -> Iterator[TestClient]:
    """The service on a database where every request commits, so that two can race."""
    monkeypatch.setenv("AMPARO_BENEFITS_DATABASE_URL", racing_url)
    settings.settings.cache_clear()
    db.engine.cache_clear()
    with Session(db.engine()) as session, session.begin():
        clock.set_business_today(session, TODAY)
    yield TestClient(app, raise_server_exceptions=False)
    db.engine().dispose()


@pytest.fixture
def committed(racing: TestClient) -> Iterator[Session]:
    """A session on the racing database, to arrange and look with."""
    with Session(db.engine(), expire_on_commit=False) as session:
        yield session
