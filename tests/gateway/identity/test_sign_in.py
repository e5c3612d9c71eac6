"""Signing in: what opens the door, what does not, and how guessing is made slow."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text
from sqlmodel import Session

from gateway.identity.sessions import attempts
from gateway.identity.sessions.attempts import FREE_GUESSES, wait_seconds
from gateway.limits import buckets
from services.kit import tokens
from tests.gateway import factories


def sign_in(api: TestClient, proof: dict[str, str]) -> tuple[int, str]:
    answer = api.post("/oauth/staff-token", json=proof)
    return answer.status_code, answer.json().get("type", "")


@pytest.fixture
def crowd(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Many guesses from one address of the network, on a machine of any slowness."""
    buckets.guesses().size = 1_000
    monkeypatch.setattr(attempts, "wait_seconds", lambda failures: 30 * wait_seconds(failures))
    yield
    buckets.guesses.cache_clear()


def test_password_and_code_give_a_token_with_the_rights_of_all_roles(
    api: TestClient, session: Session
) -> None:
    person = factories.person(session, "cashier", "auditor")
    answer = api.post("/oauth/staff-token", json=person.proof())
    assert answer.status_code == 200, answer.text
    claims = tokens.verify(answer.json()["access_token"])
    assert claims["sub"] == str(person.id)
    assert {"payments:take", "audit:read"} <= set(claims["scope"].split())
    assert "staff:manage" not in claims["scope"]
    assert claims["totp_at"] == pytest.approx(claims["iat"], abs=2)
    assert answer.headers["Cache-Control"] == "no-store"


def test_an_address_is_known_however_it_is_typed(api: TestClient, session: Session) -> None:
    person = factories.person(session, "cashier", email="Eva.Ejemplo@Mutual.Example ")
    assert sign_in(api, person.proof(email=" EVA.ejemplo@mutual.example"))[0] == 200


def test_a_code_opens_once(api: TestClient, session: Session) -> None:
    person = factories.person(session, "cashier")
    proof = person.proof()
    assert sign_in(api, proof)[0] == 200
    assert sign_in(api, proof) == (401, "code-already-used")
    assert sign_in(api, person.proof(steps_ahead=1))[0] == 200
    assert sign_in(api, proof) == (401, "code-already-used"), "an earlier code is spent too"


@pytest.mark.parametrize(
    "wrong",
    [
        {"password": "not-the-password"},
        {"code": "000000"},
        {"code": ""},
        {"email": "nobody@mutual.example"},
        {"email": "no\0body@mutual.example"},
    ],
)
def test_what_is_wrong_is_not_told(api: TestClient, session: Session, wrong: dict[str, Any]) -> None:
    person = factories.person(session, "cashier")
    answer = api.post("/oauth/staff-token", json=person.proof(**wrong))
    assert answer.status_code == 401
    assert answer.json() == {
        "type": "sign-in-refused",
        "title": "The e-mail address, the password or the one-time code is wrong.",
        "status": 401,
    }


def test_a_refused_code_is_not_used_up(api: TestClient, session: Session) -> None:
    person = factories.person(session, "cashier")
    assert sign_in(api, person.proof(password="wrong-wrong-wrong"))[0] == 401
    assert sign_in(api, person.proof())[0] == 200


def test_waiting_doubles_after_the_free_guesses() -> None:
    waits = [wait_seconds(failures) for failures in range(FREE_GUESSES + 4)]
    assert waits == [0, 0, 0, 0, 0, 0, 2, 4, 8]
    assert wait_seconds(10_000) == 900


@pytest.mark.usefixtures("crowd")
def test_guessing_is_slowed_down_even_for_the_right_password(api: TestClient, session: Session) -> None:
    person = factories.person(session, "cashier")
    for _ in range(FREE_GUESSES + 1):
        assert sign_in(api, person.proof(password="wrong-wrong-wrong"))[0] == 401
    answer = api.post("/oauth/staff-token", json=person.proof())
    assert (answer.status_code, answer.json()["type"]) == (429, "too-many-requests")
    assert 30 < int(answer.headers["Retry-After"]) <= 60
    session.execute(text("UPDATE sign_in_attempts SET last_at = last_at - interval '61 seconds'"))
    session.commit()
    assert sign_in(api, person.proof())[0] == 200
    assert sign_in(api, person.proof(password="wrong-wrong-wrong"))[0] == 401, "counted anew from there"


@pytest.mark.usefixtures("crowd")
def test_an_address_that_nobody_has_is_slowed_down_just_as_well(api: TestClient, session: Session) -> None:
    guess = {"email": "nobody-2@mutual.example", "password": "wrong-wrong-wrong", "code": "123456"}
    statuses = [sign_in(api, guess)[0] for _ in range(FREE_GUESSES + 2)]
    assert statuses == [401] * (FREE_GUESSES + 1) + [429]


def test_one_address_of_the_network_cannot_guess_at_everybody(api: TestClient, session: Session) -> None:
    buckets.guesses().size = 3
    guesses = [
        {"email": f"somebody-{n}@mutual.example", "password": "wrong-wrong-wrong", "code": "1"}
        for n in range(4)
    ]
    assert [sign_in(api, guess)[0] for guess in guesses] == [401, 401, 401, 429]


def test_a_temporary_password_only_lets_choose_another(api: TestClient, session: Session) -> None:
    person = factories.person(session, "cashier")
    session.execute(text("UPDATE staff SET password_is_temporary = true WHERE id = :id"), {"id": person.id})
    session.commit()
    assert sign_in(api, person.proof()) == (403, "password-is-temporary")
    for weak in ("short", "aaaaaaaaaaaaaaaa", f"x{person.email}y"):
        assert sign_in(api, person.proof(new_password=weak)) == (422, "password-too-weak")
    own = "a password of my own"
    assert sign_in(api, person.proof(new_password=own))[0] == 200
    assert sign_in(api, person.proof(steps_ahead=1)) == (401, "sign-in-refused")
    assert sign_in(api, person.proof(steps_ahead=1, password=own))[0] == 200


def test_one_code_shown_twice_at_the_same_moment_opens_once(api: TestClient, session: Session) -> None:
    proof = factories.person(session, "cashier").proof()
    together = Barrier(4)

    def knock(_: int) -> int:
        together.wait()
        return sign_in(api, proof)[0]

    with ThreadPoolExecutor(4) as pool:
        statuses = sorted(pool.map(knock, range(4)))
    assert statuses == [200, 401, 401, 401]
