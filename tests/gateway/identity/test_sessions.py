"""Sessions: the browser's cookie, what ends them, and the forms that belong to them."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Annotated

import pytest
from fastapi import Depends, FastAPI, Form, Response
from fastapi.testclient import TestClient
from sqlalchemy import text
from sqlmodel import Session

from gateway.db import SessionDep
from gateway.identity import sessions
from gateway.identity.sessions import CurrentSession, Proof, SignedIn
from gateway.identity.sessions.service import find
from gateway.identity.staff import service as staff
from gateway.identity.staff.queries import use_step
from services.kit import clock, problems, tokens
from services.kit.principals import FRESH
from tests.gateway import factories
from tests.gateway.conftest import URL

Field = Annotated[str, Form()]


@pytest.fixture
def browser(session: Session) -> Iterator[TestClient]:
    """A browser at pages as small as pages can be."""
    app = FastAPI()
    problems.install(app)

    @app.post("/sign-in", dependencies=[Depends(sessions.ensure_same_site)])
    def sign_in(email: Field, password: Field, code: Field, session: SessionDep, response: Response) -> None:
        sessions.set_cookie(response, sessions.sign_in(session, Proof(email, password, code)))

    @app.get("/me")
    def read_me(signed_in: CurrentSession) -> dict[str, str]:
        return {
            "name": signed_in.name,
            "csrf": sessions.csrf_token(signed_in),
            "token": sessions.access_token(signed_in),
        }

    @app.post("/notes")
    def write(signed_in: CurrentSession, csrf: Annotated[str | None, Form()] = None) -> str:
        sessions.ensure_csrf(signed_in, csrf)
        return "written"

    @app.post("/sign-out")
    def sign_out(signed_in: CurrentSession, session: SessionDep, response: Response) -> None:
        sessions.sign_out(session, signed_in)
        sessions.clear_cookie(response)

    with TestClient(app, base_url=URL) as client:
        yield client


def come_in(browser: TestClient, person: factories.Person) -> Response:
    form = {"email": person.email, "password": person.password, "code": person.code()}
    answer: Response = browser.post("/sign-in", data=form)
    assert answer.status_code == 200
    return answer


def test_the_cookie_is_bound_to_this_host_and_hidden_from_scripts(
    browser: TestClient, session: Session
) -> None:
    answer = come_in(browser, factories.person(session, "cashier"))
    name, _, attributes = answer.headers["set-cookie"].partition("=")
    assert name == "__Host-amparo"
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=lax"} <= set(attributes.split("; "))
    assert "Domain" not in attributes


def test_a_session_speaks_for_its_person_with_their_own_token(browser: TestClient, session: Session) -> None:
    person = factories.person(session, "cashier", name="Ana Ejemplo")
    come_in(browser, person)
    me = browser.get("/me").json()
    claims = tokens.verify(me["token"])
    assert (me["name"], claims["sub"], claims["kind"]) == ("Ana Ejemplo", str(person.id), "staff")
    assert set(claims["scope"].split()) == person.principal.scopes
    assert browser.get("/me").json()["token"] == me["token"], "one token serves for a while"


def test_nobody_is_signed_in_without_the_cookie(browser: TestClient) -> None:
    assert browser.get("/me").json()["type"] == "not-signed-in"
    browser.cookies.set("__Host-amparo", "made-up")
    assert browser.get("/me").status_code == 401


def test_signing_out_ends_the_session_and_not_only_the_cookie(browser: TestClient, session: Session) -> None:
    come_in(browser, factories.person(session, "cashier"))
    secret = browser.cookies["__Host-amparo"]
    assert browser.post("/sign-out").status_code == 200
    assert "__Host-amparo" not in browser.cookies
    browser.cookies.set("__Host-amparo", secret)
    assert browser.get("/me").status_code == 401


@pytest.mark.parametrize(
    "age", ["created_at = now() - interval '13 hours'", "seen_at = now() - interval '61 minutes'"]
)
def test_a_session_ends_by_age_and_by_idleness(browser: TestClient, session: Session, age: str) -> None:
    person = factories.person(session, "cashier")
    come_in(browser, person)
    assert browser.get("/me").status_code == 200
    session.execute(text(f"UPDATE sessions SET {age} WHERE staff_id = :id"), {"id": person.id})
    session.commit()
    assert browser.get("/me").status_code == 401


def test_using_a_session_keeps_it_alive(browser: TestClient, session: Session) -> None:
    person = factories.person(session, "cashier")
    come_in(browser, person)
    session.execute(
        text("UPDATE sessions SET seen_at = now() - interval '50 minutes' WHERE staff_id = :id"),
        {"id": person.id},
    )
    session.commit()
    assert browser.get("/me").status_code == 200
    seen = session.execute(
        text("SELECT now() - seen_at FROM sessions WHERE staff_id = :id"), {"id": person.id}
    ).scalar_one()
    assert seen < timedelta(minutes=1)


def test_deactivating_a_person_ends_their_sessions(browser: TestClient, session: Session) -> None:
    person, head = factories.person(session, "cashier"), factories.person(session, "administrator")
    come_in(browser, person)
    staff.deactivate(session, person.id, by=head.principal, reason="left the mutual")
    session.commit()
    assert browser.get("/me").status_code == 401


def test_a_session_does_not_come_back_with_its_person(browser: TestClient, session: Session) -> None:
    person, head = factories.person(session, "cashier"), factories.person(session, "administrator")
    come_in(browser, person)
    staff.deactivate(session, person.id, by=head.principal, reason="left the mutual")
    session.commit()
    set_state(session, person, "active")
    assert browser.get("/me").status_code == 401


def test_a_session_is_worth_nothing_while_its_person_is_shut_out(
    browser: TestClient, session: Session
) -> None:
    person = factories.person(session, "cashier")
    come_in(browser, person)
    set_state(session, person, "deactivated")
    assert browser.get("/me").status_code == 401


def test_who_is_shut_out_while_they_sign_in_stays_outside(session: Session) -> None:
    person = factories.person(session, "cashier")
    set_state(session, person, "deactivated")  # after the password was looked at
    assert not use_step(session, person.id, step=2**40)


def set_state(session: Session, person: factories.Person, state: str) -> None:
    session.execute(text("UPDATE staff SET state = :state WHERE id = :id"), {"state": state, "id": person.id})
    session.commit()


def test_a_form_needs_the_token_of_its_own_session(browser: TestClient, session: Session) -> None:
    come_in(browser, factories.person(session, "cashier"))
    first, second = (browser.get("/me").json()["csrf"] for _ in range(2))
    assert first != second, "it differs each time, or a compressed page would tell it"
    for good in (first, second):
        assert browser.post("/notes", data={"csrf": good}).status_code == 200
    for bad in (None, "", "é", "AAAA", first[:-4], "A" + first[1:]):
        assert browser.post("/notes", data={"csrf": bad} if bad is not None else {}).status_code == 403

    browser.cookies.clear()
    come_in(browser, factories.person(session, "cashier"))
    assert browser.post("/notes", data={"csrf": first}).status_code == 403


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ({}, 200),
        ({"sec-fetch-site": "same-origin", "origin": URL}, 200),
        ({"origin": URL}, 200),
        ({"origin": "https://elsewhere.test"}, 403),
        ({"origin": "null"}, 403),
        ({"sec-fetch-site": "cross-site", "origin": URL}, 403),
        ({"sec-fetch-site": "same-site"}, 403),
    ],
)
def test_another_site_cannot_sign_somebody_in(
    browser: TestClient, session: Session, said: dict[str, str], status: int
) -> None:
    person = factories.person(session, "cashier")
    form = {"email": person.email, "password": person.password, "code": person.code()}
    assert browser.post("/sign-in", data=form, headers=said).status_code == status


def test_a_fresh_code_makes_the_second_person_ready_again(session: Session) -> None:
    person = factories.person(session, "accountant")
    signed_in = sessions.sign_in(session, person.shown())
    session.execute(
        text("UPDATE sessions SET totp_at = now() - interval '1 hour' WHERE id = :id"),
        {"id": signed_in.session_id},
    )
    session.commit()
    stale = found(session, signed_in)
    assert stale.principal.totp_at is not None
    assert clock.now() - stale.principal.totp_at > FRESH
    with pytest.raises(sessions.CodeAlreadyUsed):
        sessions.confirm_code(session, stale, person.code())
    session.rollback()
    confirmed = sessions.confirm_code(session, stale, person.code(steps_ahead=1))
    session.commit()
    confirmed.principal.ensure_second_person()
    assert found(session, signed_in).principal.totp_at == confirmed.principal.totp_at
    assert (
        tokens.verify(sessions.access_token(confirmed))["totp_at"]
        > tokens.verify(sessions.access_token(stale))["totp_at"]
    )


def found(session: Session, signed_in: SignedIn) -> SignedIn:
    again = find(session, signed_in.secret)
    assert again is not None
    return again
