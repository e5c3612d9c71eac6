"""Dead letters are shown without what they hold, and given new tries by an administrator."""

import json
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from fastapi.testclient import TestClient

from services.kit.app import new_app
from services.kit.db import session_edge
from services.kit.events import deadletters, letters
from services.kit.events.envelope import envelope
from services.kit.events.inbox import Inbox
from services.kit.events.outbox import Numbered
from services.kit.ids import new_id
from services.kit.principals import Principal
from tests import tokens
from tests.kit.events.stations import POISON, Station, ThingSold, listeners

AUDITOR = tokens.staff("audit:read")
ADMINISTRATOR = tokens.staff("clients:manage")


@pytest.fixture
def api(beta: Station, environment: None) -> TestClient:
    routes = deadletters.router(session_edge(lambda: beta.engine))
    return TestClient(new_app("beta", "For tests.", routes, engine=beta.engine))


def fail(beta: Station, *, dead: bool = True) -> UUID:
    """An event that cannot take effect in beta."""
    event = ThingSold(thing_id=new_id(), value=POISON, note="Laura Mendez, 99900000001")
    row = Numbered(1, new_id(), event.name, datetime.now(UTC), None, event.data())
    Inbox(beta.engine, listeners()).take("alpha", [(event.name, envelope(row))])
    if dead:
        beta.run("UPDATE dead_letters SET state = 'dead', tries = 10, next_try_at = NULL")
    return row.id


def test_a_dead_letter_is_shown_without_what_it_holds(api: TestClient, beta: Station) -> None:
    id = fail(beta)
    answer = api.get("/v1/dead-letters", headers=tokens.headers(AUDITOR))
    [shown] = answer.json()["items"]
    assert (shown["id"], shown["name"], shown["producer"], shown["tries"]) == (
        str(id),
        "alpha.thing_sold.v1",
        "alpha",
        10,
    )
    assert shown["data"]["value"] == shown["data"]["note"] == "•••"
    assert str(UUID(shown["data"]["thing_id"])) == shown["data"]["thing_id"]
    assert "Mendez" not in answer.text


def test_letters_that_will_be_tried_again_are_listed_apart(api: TestClient, beta: Station) -> None:
    fail(beta, dead=False)
    headers = tokens.headers(AUDITOR)
    assert api.get("/v1/dead-letters", headers=headers).json() == {"items": []}
    [waiting] = api.get("/v1/dead-letters?state=waiting", headers=headers).json()["items"]
    assert waiting["state"] == "waiting"


def test_pages_follow_one_another(api: TestClient, beta: Station) -> None:
    ids = [str(fail(beta)) for _ in range(3)]
    headers = tokens.headers(AUDITOR)
    first = api.get("/v1/dead-letters?limit=2", headers=headers)
    assert 'rel="next"' in first.headers["link"]
    assert [letter["id"] for letter in first.json()["items"]] == ids[:2]
    second = api.get(f"/v1/dead-letters?limit=2&after={ids[1]}", headers=headers)
    assert [letter["id"] for letter in second.json()["items"]] == ids[2:]


def test_another_try_is_given_at_once_and_noted(api: TestClient, beta: Station) -> None:
    id = fail(beta)
    answer = api.post(f"/v1/dead-letters/{id}/retries", headers=tokens.headers(ADMINISTRATOR))
    assert (answer.status_code, answer.json()) == (201, {"id": str(id)})
    assert Inbox(beta.engine, listeners()).try_letters() == 1
    assert beta.rows("SELECT state, tries FROM dead_letters") == [("waiting", 1)]
    assert beta.rows("SELECT action, subject_id, actor_id FROM audit_log") == [
        ("dead_letters.retry", id, ADMINISTRATOR.subject)
    ]


def test_a_letter_that_is_not_dead_cannot_be_retried(api: TestClient, beta: Station) -> None:
    waiting = fail(beta, dead=False)
    for id in (waiting, uuid4()):
        refusal = api.post(f"/v1/dead-letters/{id}/retries", headers=tokens.headers(ADMINISTRATOR))
        assert (refusal.status_code, refusal.json()["type"]) == (404, "not-found")
    assert beta.ask("SELECT count(*) FROM audit_log") == 0


@pytest.mark.parametrize("principal", [tokens.staff("members:read"), ADMINISTRATOR, tokens.service()])
def test_only_auditors_see_them(api: TestClient, principal: Principal) -> None:
    assert api.get("/v1/dead-letters", headers=tokens.headers(principal)).status_code == 403


def test_an_auditor_cannot_retry(api: TestClient, beta: Station) -> None:
    id = fail(beta)
    assert api.post(f"/v1/dead-letters/{id}/retries", headers=tokens.headers(AUDITOR)).status_code == 403


@pytest.mark.parametrize("body", [b"\xff", b"[]", b'"text"', b""])
def test_what_is_no_event_shows_no_data(body: bytes) -> None:
    assert letters.masked(body) is None


def test_covering_keeps_the_shape_and_the_ids() -> None:
    id = str(new_id())
    data = {"members": [{"member_id": id, "name": "Laura", "wage": 5, "active": True, "phone": None}]}
    assert letters.masked(json.dumps({"data": data}).encode()) == {
        "members": [{"member_id": id, "name": "•••", "wage": "•••", "active": True, "phone": None}]
    }
