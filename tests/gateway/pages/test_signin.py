"""Coming in and going out, as a browser does it."""

import re
from collections.abc import Iterator

import httpx
import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session

from deploy.databases import Database
from gateway.identity.staff import service as staff
from services.kit import clock
from services.kit.principals import Principal
from tests.gateway.conftest import URL
from tests.gateway.factories import Person, person, seed_of

COOKIE = "__Host-amparo"


@pytest.fixture(scope="module", autouse=True)
def no_services(environment: pytest.MonkeyPatch) -> None:
    """Nobody listens where the services would be."""
    for part in ("REGISTRY", "CONTRIBUTIONS", "BENEFITS"):
        environment.setenv(f"AMPARO_{part}_URL", "http://127.0.0.1:1")


@pytest.fixture(scope="module")
def application(gateway: Database) -> Iterator[TestClient]:
    from gateway.app import create_app

    english = {"Accept-Language": "en-US,en;q=0.9"}
    with TestClient(create_app(), base_url=URL, headers=english, follow_redirects=False) as client:
        yield client


@pytest.fixture
def browser(application: TestClient) -> TestClient:
    """A browser of an English reader that does not follow by itself where it is sent."""
    application.cookies.clear()
    return application


def come_in(browser: TestClient, who: Person, **given: str) -> httpx.Response:
    shown = {"email": who.email, "password": who.password, "code": who.code()}
    answer: httpx.Response = browser.post("/admin/sign-in", data={**shown, **given})
    return answer


def csrf_of(page: httpx.Response) -> str:
    found = re.search(r'name="csrf" value="([^"]+)"', page.text)
    assert found
    return found[1]


def test_who_is_not_signed_in_is_asked_to_and_brought_back(browser: TestClient, session: Session) -> None:
    asked = browser.get("/admin/help?x=1")
    assert (asked.status_code, asked.headers["location"]) == (303, "/admin/sign-in?next=/admin/help%3Fx%3D1")
    form = browser.get(asked.headers["location"])
    assert 'name="next" value="/admin/help?x=1"' in form.text
    entered = come_in(browser, person(session, "cashier"), next="/admin/help?x=1")
    assert (entered.status_code, entered.headers["location"]) == (303, "/admin/help?x=1")
    assert browser.get("/admin/help").status_code == 200


def test_the_session_is_a_closed_cookie_and_the_page_is_kept_by_nobody(
    browser: TestClient, session: Session
) -> None:
    entered = come_in(browser, person(session, "cashier"))
    cookie = entered.headers["set-cookie"]
    assert cookie.startswith(COOKIE)
    assert {"HttpOnly", "Secure", "Path=/", "SameSite=lax"} <= set(cookie.split("; "))
    page = browser.get("/admin/help")
    assert page.headers["cache-control"] == "no-store"
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert "unsafe" not in page.headers["content-security-policy"]


@pytest.mark.parametrize("wrong", ["email", "password", "code"])
def test_a_wrong_proof_is_told_in_words_and_keeps_the_address(
    browser: TestClient, session: Session, wrong: str
) -> None:
    who = person(session, "cashier")
    given = {"email": "nobody@mutual.example", "password": "not-this-one-at-all", "code": "000000"}
    refused = come_in(browser, who, **{wrong: given[wrong]})
    assert refused.status_code == 401
    assert "is not right" in refused.text
    assert "set-cookie" not in refused.headers
    typed = given["email"] if wrong == "email" else who.email
    assert f'value="{typed}"' in refused.text
    assert who.password not in refused.text


def test_a_code_opens_once(browser: TestClient, session: Session) -> None:
    who = person(session, "cashier")
    assert come_in(browser, who).status_code == 303
    browser.cookies.clear()
    again = come_in(browser, who)
    assert again.status_code == 401
    assert "used already" in again.text


def test_a_first_password_asks_for_another_without_using_up_the_code(
    browser: TestClient, session: Session
) -> None:
    by = Principal(person(session, "administrator").id, "staff", frozenset(), totp_at=clock.now())
    new = staff.register(session, "nueva@mutual.example", "Nueva Ejemplo", "en", by=by)
    issued = staff.issue_credentials(session, new.id, by=by)
    session.commit()
    who = Person(new.id, new.email, issued.password, seed_of(issued.totp_uri), by)
    asked = come_in(browser, who)
    assert asked.status_code == 403
    assert 'name="new_password"' in asked.text
    weak = come_in(browser, who, new_password="short")
    assert weak.status_code == 422
    assert 'name="new_password"' in weak.text
    assert come_in(browser, who, new_password="una-casa-con-techo").status_code == 303


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example/admin",
        "//evil.example",
        "/\\evil.example",
        "javascript:alert(1)",
        "/admin/../x\n",
    ],
)
def test_nobody_is_sent_to_another_site(browser: TestClient, session: Session, elsewhere: str) -> None:
    entered = come_in(browser, person(session, "cashier"), next=elsewhere)
    assert entered.headers["location"] == "/admin"


def test_a_form_sent_by_another_site_is_refused(browser: TestClient, session: Session) -> None:
    who = person(session, "cashier")
    shown = {"email": who.email, "password": who.password, "code": who.code()}
    sent = browser.post("/admin/sign-in", data=shown, headers={"Sec-Fetch-Site": "cross-site"})
    assert sent.status_code == 403
    assert "set-cookie" not in sent.headers


def test_going_out_takes_the_forms_own_token_and_ends_the_session(
    browser: TestClient, session: Session
) -> None:
    come_in(browser, person(session, "cashier"))
    page = browser.get("/admin/help")
    secret = browser.cookies[COOKIE]
    assert browser.post("/admin/sign-out", data={"csrf": "made-up"}).status_code == 403
    assert browser.get("/admin/help").status_code == 200
    gone = browser.post("/admin/sign-out", data={"csrf": csrf_of(page)})
    assert (gone.status_code, gone.headers["location"]) == (303, "/admin/sign-in")
    browser.cookies.set(COOKIE, secret, domain="gateway.test")
    assert browser.get("/admin/help").status_code == 303


def test_the_language_that_was_chosen_stays(browser: TestClient, session: Session) -> None:
    chosen = browser.get("/admin/language?to=es&back=/admin/sign-in")
    assert chosen.headers["location"] == "/admin/sign-in"
    assert '<html lang="es">' in browser.get("/admin/sign-in").text
    assert browser.get("/admin/language?to=xx").status_code == 404
    come_in(browser, person(session, "cashier", language="en"))
    assert '<html lang="es">' in browser.get("/admin/help").text


def test_an_address_that_is_none_is_told_in_words(browser: TestClient, session: Session) -> None:
    come_in(browser, person(session, "cashier"))
    nothing = browser.get("/admin/nothing-here")
    assert nothing.status_code == 404
    assert "Not found" in nothing.text
    assert nothing.headers["content-type"].startswith("text/html")


def test_a_part_that_does_not_answer_is_told_in_words_and_not_by_a_trace(
    browser: TestClient, session: Session
) -> None:
    come_in(browser, person(session, "cashier"))
    page = browser.get("/admin/members/0198a1b2-0000-7000-8000-000000000001")
    assert page.status_code == 503
    assert "A part does not answer" in page.text
    assert "Traceback" not in page.text
    assert browser.get("/admin/members/not-an-id").status_code == 404


def test_the_first_page_stands_even_when_no_part_answers(browser: TestClient, session: Session) -> None:
    come_in(browser, person(session, "administrator", language="en"))
    page = browser.get("/admin")
    assert page.status_code == 200
    assert "does not answer just now" in page.text


def test_the_check_of_a_receipt_needs_nobody_signed_in(browser: TestClient) -> None:
    assert browser.get("/r").status_code == 200
    typed = browser.get("/r?code=k3v7-qj2m wx5ta")
    assert typed.headers["location"] == "/r/K3V7QJ2MWX5TA"
    assert browser.get("/r/no!").status_code == 404
