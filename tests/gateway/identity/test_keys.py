"""Signing keys: made once, rotated without anybody noticing, their private halves sealed."""

import base64
import hashlib
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from fastapi.testclient import TestClient
from pydantic import SecretStr
from sqlalchemy import text
from sqlmodel import Session

from gateway import db
from gateway.identity.keys import queries, ring, service
from gateway.identity.tokens import minting
from services.kit import clock, tokens
from services.kit.db import make_engine
from services.kit.ids import new_id
from services.kit.principals import Principal

HOLDER = Principal(new_id(), "client", frozenset({"members:read"}))


@pytest.fixture(autouse=True)
def no_keys_yet(session: Session) -> Iterator[None]:
    session.execute(text("DELETE FROM signing_keys"))
    session.commit()
    ring.forget()
    yield
    ring.forget()


def kid_of(token: str) -> str:
    header = token.split(".")[0]
    return str(json.loads(base64.urlsafe_b64decode(header + "=="))["kid"])


def test_the_published_keys_are_what_tokens_are_checked_with(api: TestClient) -> None:
    token = minting.mint(HOLDER)
    answer = api.get("/.well-known/jwks.json")
    [key] = answer.json()["keys"]
    assert (key["kty"], key["crv"], key["alg"], key["use"]) == ("EC", "P-256", "ES256", "sig")
    assert key["kid"] == kid_of(token)
    assert "d" not in key, "the private half stays here"
    bare = json.dumps({name: key[name] for name in ("crv", "kty", "x", "y")}, separators=(",", ":"))
    thumbprint = base64.urlsafe_b64encode(hashlib.sha256(bare.encode()).digest()).rstrip(b"=").decode()
    assert key["kid"] == thumbprint
    tokens.trust(answer.json())
    assert tokens.verify(token)["sub"] == str(HOLDER.subject)


def test_processes_that_start_together_make_one_key(session: Session) -> None:
    together = Barrier(4)

    def first_key(_: int) -> str:
        with Session(db.engine()) as mine, mine.begin():
            mine.execute(text("SELECT 1"))
            together.wait()
            return service.ensure_key(mine, now=clock.now())[0].kid

    with ThreadPoolExecutor(4) as pool:
        kids = set(pool.map(first_key, range(4)))
    assert len(kids) == 1
    assert session.execute(text("SELECT count(*) FROM signing_keys")).scalar_one() == 1


def test_private_keys_are_sealed_at_rest(session: Session) -> None:
    ring.read()
    row = session.execute(text("SELECT signing_keys::text FROM signing_keys")).scalar_one()
    assert "PRIVATE" not in row
    assert ring.signing_key().private_pem.startswith("-----BEGIN PRIVATE KEY")


def test_a_new_key_is_published_before_it_signs(session: Session) -> None:
    before = minting.mint(HOLDER)
    made = service.rotate(session, now=clock.now())
    session.commit()
    ring.forget()
    assert kid_of(minting.mint(HOLDER)) == kid_of(before), "the old one still signs"
    assert made.kid in [key["kid"] for key in ring.jwks()["keys"]]


def test_when_its_time_has_come_the_new_key_signs_and_old_tokens_stay_good(session: Session) -> None:
    now = clock.now()
    service.ensure_key(session, now=now - timedelta(days=1))
    session.commit()
    before = minting.mint(HOLDER)
    made = service.rotate(session, now=now - service.PUBLISHED_BEFORE - timedelta(seconds=1))
    session.commit()
    ring.forget()
    after = minting.mint(HOLDER)
    assert kid_of(after) == made.kid != kid_of(before)
    for token in (before, after):
        assert tokens.verify(token)["sub"] == str(HOLDER.subject)


def test_a_key_is_forgotten_when_its_last_token_has_expired(session: Session) -> None:
    before = minting.mint(HOLDER)
    now = clock.now()
    service.rotate(session, now=now)
    session.commit()
    gone = now + service.PUBLISHED_BEFORE + service.PUBLISHED_AFTER
    assert kid_of(before) in [key.kid for key in queries.keys(session, now=gone - timedelta(seconds=1))]
    service.rotate(session, now=gone + timedelta(seconds=1))
    session.commit()
    kept = session.execute(text("SELECT kid FROM signing_keys")).scalars().all()
    assert kid_of(before) not in kept
    ring.forget()
    ring.read()
    with pytest.raises(Exception, match="not one of ours"):
        tokens.verify(before)


def test_keys_rotate_when_they_have_served_a_month(session: Session) -> None:
    now = clock.now()
    service.ensure_key(session, now=now)
    assert not service.rotate_if_due(session, now=now + service.ROTATED_EVERY - timedelta(minutes=1))
    assert service.rotate_if_due(session, now=now + service.ROTATED_EVERY)
    assert not service.rotate_if_due(session, now=now + service.ROTATED_EVERY + timedelta(hours=1))


def test_tokens_are_made_while_the_database_is_away(monkeypatch: pytest.MonkeyPatch) -> None:
    minting.mint(HOLDER)
    ring._ring.read_at -= ring.READ_EVERY_SECONDS
    nowhere = make_engine(SecretStr("postgresql://nobody@127.0.0.1:1/none"))
    monkeypatch.setattr(ring, "engine", lambda: nowhere)
    assert tokens.verify(minting.mint(HOLDER))["sub"] == str(HOLDER.subject)
