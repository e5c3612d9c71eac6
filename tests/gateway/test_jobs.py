"""The gateway's periodic work: what has ended goes, what still serves stays."""

from datetime import timedelta

from sqlalchemy import text
from sqlmodel import Session

from gateway import jobs
from gateway.identity import sessions
from gateway.identity.keys import service as keys
from gateway.identity.sessions import attempts
from gateway.identity.sessions.service import find
from services.kit import clock
from tests.gateway import factories


def age(session: Session, table: str, column: str, by: str) -> None:
    session.execute(text(f"UPDATE {table} SET {column} = {column} - interval '{by}'"))
    session.commit()


def count(session: Session, table: str) -> int:
    return int(session.execute(text(f"SELECT count(*) FROM {table}")).scalar_one())


def test_sessions_that_ended_are_forgotten_and_living_ones_are_not(session: Session) -> None:
    ended = sessions.sign_in(session, factories.person(session, "cashier").shown())
    session.commit()
    age(session, "sessions", "seen_at", "2 hours")
    living = sessions.sign_in(session, factories.person(session, "cashier").shown())
    session.commit()
    jobs.forget_what_has_ended(timestamp=0)
    assert find(session, ended.secret) is None
    assert find(session, living.secret) is not None
    assert count(session, "sessions") == 1


def test_guesses_are_forgotten_after_a_day(session: Session) -> None:
    attempts.count("somebody@mutual.example")
    jobs.forget_what_has_ended(timestamp=0)
    assert count(session, "sign_in_attempts") == 1
    age(session, "sign_in_attempts", "last_at", "25 hours")
    jobs.forget_what_has_ended(timestamp=0)
    assert count(session, "sign_in_attempts") == 0


def test_a_key_that_has_served_its_time_gets_a_successor(session: Session) -> None:
    keys.ensure_key(session, now=clock.now() - keys.ROTATED_EVERY + timedelta(hours=1))
    session.commit()
    jobs.rotate_signing_keys(timestamp=0)
    assert count(session, "signing_keys") == 1
    age(session, "signing_keys", "signs_from", "2 hours")
    jobs.rotate_signing_keys(timestamp=0)
    assert count(session, "signing_keys") == 2


def test_the_audit_is_sealed(session: Session) -> None:
    factories.person(session, "cashier")
    jobs.seal_audit(timestamp=0)
    sealed = session.execute(text("SELECT sum(row_count) FROM seals WHERE kind = 'audit_log'"))
    assert sealed.scalar_one() >= 1
