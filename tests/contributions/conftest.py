"""The contributions service on a database of each test's own: its hot paths commit for themselves."""

from collections.abc import Callable, Iterator
from datetime import date

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session

from deploy.databases import Database
from services.contributions import db, settings
from services.kit import clock
from services.kit.settings import kit_settings

TODAY = date(2026, 7, 6)
"""The business date of these tests: the month of July is being worked."""


@pytest.fixture
def contributions(database: Callable[[str], Database], monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    """The service's settings point to a migrated, empty database; the business date is TODAY."""
    mine = database("contributions")
    monkeypatch.setenv("AMPARO_CONTRIBUTIONS_DATABASE_URL", mine.url)
    monkeypatch.setenv("AMPARO_CONTRIBUTIONS_CLIENT_SECRET", "secret-for-tests")
    monkeypatch.setenv("AMPARO_NATS_URL", "nats://nobody@127.0.0.1:1")
    monkeypatch.setenv("AMPARO_SECRET_KEY", "dGVzdHMtb25seS10ZXN0cy1vbmx5LXRlc3RzLW9ubHk=")
    monkeypatch.setenv("AMPARO_SANDBOX", "1")
    caches = (kit_settings, settings.settings, db.engine)
    for cache in caches:
        cache.cache_clear()
    with Session(db.engine()) as session, session.begin():
        clock.set_business_today(session, TODAY)
    yield mine
    db.engine().dispose()
    for cache in caches:
        cache.cache_clear()


@pytest.fixture
def session(contributions: Database) -> Iterator[Session]:
    """A session to arrange and look with; what a factory makes in it is committed."""
    with Session(db.engine(), expire_on_commit=False) as session:
        yield session


@pytest.fixture
def api(contributions: Database) -> Iterator[TestClient]:
    """The service's HTTP face."""
    from services.contributions.app import create_app

    with TestClient(create_app(), raise_server_exceptions=False) as client:
        yield client
