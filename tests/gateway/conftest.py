"""The gateway on a migrated database, committing as it does when it runs.

One database serves a module: each test makes people and clients of its own.
"""

from collections.abc import Callable, Iterator

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session

from deploy.databases import Database
from gateway import db, settings
from gateway.identity.keys import ring
from gateway.limits import buckets
from services.kit.settings import kit_settings

URL = "https://gateway.test"
"""Of tests without a server; HTTPS, so that the client keeps the session's cookie."""

CACHES = (
    kit_settings,
    settings.settings,
    db.engine,
    buckets.requests,
    buckets.openings,
    buckets.guesses,
)


@pytest.fixture(scope="module")
def environment() -> Iterator[pytest.MonkeyPatch]:
    """Environment variables that last as long as the module's tests."""
    with pytest.MonkeyPatch.context() as patch:
        yield patch


@pytest.fixture(scope="module")
def gateway(make_database: Callable[[str], Database], environment: pytest.MonkeyPatch) -> Iterator[Database]:
    """The gateway's settings point to a migrated database of this module."""
    mine = make_database("gateway")
    environment.setenv("AMPARO_GATEWAY_DATABASE_URL", mine.url)
    environment.setenv("AMPARO_GATEWAY_CLIENT_SECRET", "secret-for-tests-secret-for-tests")
    environment.setenv("AMPARO_GATEWAY_URL", URL)
    environment.setenv("AMPARO_NATS_URL", "nats://nobody@127.0.0.1:1")
    environment.setenv("AMPARO_SECRET_KEY", "dGVzdHMtb25seS10ZXN0cy1vbmx5LXRlc3RzLW9ubHk=")
    _forget()
    yield mine
    db.engine().dispose()
    _forget()


def _forget() -> None:
    for cache in CACHES:
        cache.cache_clear()
    ring.forget()


@pytest.fixture(autouse=True)
def patient_door(request: pytest.FixtureRequest) -> None:
    """No test is kept waiting for what another asked; each starts with keys read anew."""
    if "gateway" in request.fixturenames:
        for bucket in (buckets.requests, buckets.openings, buckets.guesses):
            bucket.cache_clear()
        ring.forget()


@pytest.fixture
def session(gateway: Database) -> Iterator[Session]:
    """A session to arrange and look with; factories commit what they make."""
    with Session(db.engine(), expire_on_commit=False) as session:
        yield session


@pytest.fixture(scope="module")
def api(gateway: Database) -> Iterator[TestClient]:
    """The gateway's HTTP face, its background tasks running."""
    from gateway.app import create_app

    with TestClient(create_app(), base_url=URL, raise_server_exceptions=False) as client:
        yield client
