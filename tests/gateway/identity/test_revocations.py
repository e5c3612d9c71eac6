"""Revocations: heard by processes that did not make them, and asked for by one that cannot hear."""

import asyncio
import time
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text
from sqlmodel import Session

from gateway.identity.tokens import revocations
from gateway.identity.tokens.revocations import CHANNEL, Revoked, revoked
from services.kit import clock
from services.kit.ids import new_id
from services.kit.principals import Principal
from tests.gateway import factories

ME = "/api/gateway/v1/me"


@pytest.fixture
def holder() -> Principal:
    return Principal(new_id(), "client", frozenset())


def wait_until(holds: Callable[[], bool]) -> None:
    until = time.monotonic() + 5
    while not holds():
        assert time.monotonic() < until
        time.sleep(0.01)


def revoke_elsewhere(session: Session, holder: Principal) -> None:
    """As another process does it: the row and the call, and nothing in the memory of this one."""
    before = clock.now()
    session.execute(
        text("INSERT INTO revocations (subject, before) VALUES (:subject, :before)"),
        {"subject": holder.subject, "before": before},
    )
    session.execute(
        text("SELECT pg_notify(:channel, :payload)"),
        {"channel": CHANNEL, "payload": f"{holder.subject} {before.timestamp()}"},
    )
    session.commit()


def test_what_another_process_revokes_is_heard(api: TestClient, session: Session, holder: Principal) -> None:
    wait_until(lambda: revoked.is_current)
    headers = factories.headers(holder)
    assert api.get(ME, headers=headers).status_code == 200
    revoke_elsewhere(session, holder)
    wait_until(lambda: api.get(ME, headers=headers).status_code == 401)
    time.sleep(0.002)
    assert api.get(ME, headers=factories.headers(holder)).status_code == 200, "made since then"


@pytest.fixture
def deaf(api: TestClient, session: Session) -> Iterator[None]:
    """The line on which revocations are heard is cut."""
    wait_until(lambda: revoked.is_current)
    session.execute(
        text(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND query LIKE '%LISTEN%' AND pid <> pg_backend_pid()"
        )
    )
    session.commit()
    wait_until(lambda: not revoked.is_current)
    yield
    wait_until(lambda: revoked.is_current)


@pytest.mark.usefixtures("deaf")
def test_a_process_that_cannot_hear_asks(api: TestClient, session: Session, holder: Principal) -> None:
    headers = factories.headers(holder)
    assert api.get(ME, headers=headers).status_code == 200
    revoke_elsewhere(session, holder)
    assert api.get(ME, headers=headers).status_code == 401


def test_a_revocation_that_is_rolled_back_is_none(session: Session, holder: Principal) -> None:
    revocations.revoke(session, holder.subject)
    session.rollback()
    claims = {"sub": str(holder.subject), "iat": time.time() - 1}
    assert not revoked.refuses(claims)
    revocations.revoke(session, holder.subject)
    session.commit()
    assert revoked.refuses(claims)


def test_only_tokens_made_before_are_refused() -> None:
    known = Revoked()
    known.note("somebody", 1_000.5)
    known.note("somebody", 900.0)
    refused = [known.refuses({"sub": "somebody", "iat": iat}) for iat in (1_000, 1_000.5, 1_000.501)]
    assert refused == [True, True, False]
    assert not known.refuses({"sub": "another", "iat": 1})
    known.forget_older(than=1_000.5)
    assert not known.refuses({"sub": "somebody", "iat": 1})


def test_revocations_outlive_every_token_and_are_then_forgotten(session: Session, holder: Principal) -> None:
    revocations.revoke(session, holder.subject)
    now = clock.now()
    count = text("SELECT count(*) FROM revocations WHERE subject = :subject")
    for later, kept in ((timedelta(minutes=11), 1), (timedelta(minutes=16), 0)):
        revocations.forget_revocations(session, now=now + later)
        assert session.execute(count, {"subject": holder.subject}).scalar_one() == kept
    session.rollback()


def test_watching_goes_on_after_trouble(monkeypatch: pytest.MonkeyPatch) -> None:
    from gateway.identity.tokens import watching

    calls: list[int] = []

    async def listen() -> None:
        calls.append(1)
        if len(calls) == 1:
            raise OSError
        raise asyncio.CancelledError

    monkeypatch.setattr(watching, "_listen", listen)
    with pytest.raises(asyncio.CancelledError):
        asyncio.run(watching.watch())
    assert len(calls) == 2
