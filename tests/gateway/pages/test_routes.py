"""Every page is closed but those that are meant to be open, and every form is ours."""

import re
from collections.abc import Iterator

import pytest
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient
from sqlmodel import Session

from deploy.databases import Database
from gateway.pages.endpoints import ROUTERS
from tests.gateway.conftest import URL
from tests.gateway.factories import person

OPEN = {"/admin/static/{name}", "/admin/sign-in", "/admin/language", "/r", "/r/{check_code}"}
AN_ID = "0198a1b2-0000-7000-8000-000000000001"
ROUTES = [
    (method, route.path)
    for router in ROUTERS
    for route in router.routes
    if isinstance(route, APIRoute)
    for method in route.methods or ()
]


def address(path: str) -> str:
    named = {"service": "registry", "rest": "nowhere"}
    return re.sub(r"{(\w+)(:path)?}", lambda found: named.get(found[1], AN_ID), path)


@pytest.fixture(scope="module")
def browser(gateway: Database) -> Iterator[TestClient]:
    from gateway.app import create_app

    with TestClient(create_app(), base_url=URL, follow_redirects=False) as client:
        yield client


def test_there_are_pages_to_walk() -> None:
    assert len(ROUTES) > 25
    assert {path for _, path in ROUTES} >= OPEN


@pytest.mark.parametrize(("method", "path"), [one for one in ROUTES if one[1] not in OPEN])
def test_who_is_not_signed_in_gets_no_further_than_the_door(
    browser: TestClient, method: str, path: str
) -> None:
    browser.cookies.clear()
    answer = browser.request(method, address(path))
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/admin/sign-in?next=")


def test_a_form_without_this_sessions_token_is_refused(browser: TestClient, session: Session) -> None:
    who = person(session, "administrator")
    shown = {"email": who.email, "password": who.password, "code": who.code()}
    assert browser.post("/admin/sign-in", data=shown).status_code == 303
    forms = [path for method, path in ROUTES if method == "POST" and path not in OPEN]
    assert len(forms) > 6
    for path in forms:
        for made_up in ({}, {"csrf": "x"}, {"csrf": "AAAAAAAAAAAAAAAA" * 3}):
            answer = browser.post(address(path), data={**made_up, "amount": "1", "reason": "because"})
            assert answer.status_code == 403, path
            assert "default-src 'none'" in answer.headers["content-security-policy"]
