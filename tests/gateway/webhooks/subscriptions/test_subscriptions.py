"""Systems that are told of events: signed, each event once, tried for a day, replayed when asked."""

import asyncio
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from fastapi.testclient import TestClient
from pydantic import SecretStr
from sqlalchemy import text
from sqlmodel import Session, col, select
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from deploy.databases import Database
from gateway import db, settings
from gateway.jobs import jobs
from gateway.webhooks.posting import drain, verify
from gateway.webhooks.subscriptions.channel import RETRIED_FOR, EndpointChannel, poster_of
from gateway.webhooks.subscriptions.models import WebhookDelivery
from services.kit import audit, clock
from services.kit.ids import new_id
from services.kit.principals import Principal
from tests.gateway import factories
from tests.gateway.messages.happenings import announced, happen, take
from tests.gateway.servers import served
from tests.kit.events.stations import background, until

ENDPOINTS = "/api/gateway/v1/webhook-endpoints"
FILED = "contributions.declaration_filed.v1"
PAID = "contributions.remittance_paid.v1"


@dataclass
class Receiver:
    """A system outside, which answers as it is told to."""

    secret: str = ""
    status: int = 204
    taken: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    async def take(self, request: Request) -> Response:
        body = await request.body()
        id = verify(self.secret, request.headers, body)
        self.taken.append((id, json.loads(body)))
        return Response(status_code=self.status)


@pytest.fixture(scope="module")
def served_receiver(gateway: Database, environment: pytest.MonkeyPatch) -> Iterator[tuple[Receiver, str]]:
    environment.setenv("AMPARO_GATEWAY_PRIVATE_NETWORKS", "127.0.0.0/8")
    settings.settings.cache_clear()
    receiver = Receiver()
    with served(Starlette(routes=[Route("/hook", receiver.take, methods=["POST"])])) as port:
        yield receiver, f"http://127.0.0.1:{port}/hook"


@pytest.fixture
def receiver(served_receiver: tuple[Receiver, str]) -> Iterator[Receiver]:
    """The same system for each test, with nothing behind it."""
    receiver, _ = served_receiver
    receiver.taken.clear()
    receiver.status = 204
    yield receiver
    with Session(db.engine()) as session, session.begin():
        session.execute(text("UPDATE webhook_endpoints SET state = 'deactivated'"))
        session.execute(text("UPDATE webhook_deliveries SET state = 'failed' WHERE state = 'queued'"))


@pytest.fixture
def url(served_receiver: tuple[Receiver, str]) -> str:
    return served_receiver[1]


MANAGER = Principal(new_id(), "staff", frozenset({"clients:manage"}))


def add(api: TestClient, receiver: Receiver | None, url: str, **given: Any) -> dict[str, Any]:
    """A new endpoint; the receiver learns its secret."""
    body = {"name": "TSS, production", "url": url, "events": [FILED], **given}
    answer = api.post(ENDPOINTS, json=body, headers=factories.headers(MANAGER))
    assert answer.status_code == 201, answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    made: dict[str, Any] = answer.json()
    if receiver is not None:
        receiver.secret = made["secret"]
    return made


def filed(**given: Any) -> dict[str, Any]:
    facts = {"declaration_id": new_id(), "period": "2026-07", "agency": "tss", "lines": 2, "total_minor": 100}
    return {**facts, "currency": "DOP", "sha256": "ab", **given}


def remitted() -> dict[str, Any]:
    return {
        "remittance_id": new_id(),
        "notice_id": new_id(),
        "period": "2026-07",
        "amount_minor": 1,
        "currency": "DOP",
    }


def deliver() -> None:
    """What the job does, done now."""
    drain(EndpointChannel(db.engine()), poster_of(settings.settings()), seconds_max=0.2)


def deliveries(endpoint: dict[str, Any]) -> list[WebhookDelivery]:
    with Session(db.engine(), expire_on_commit=False) as session:
        query = select(WebhookDelivery).where(WebhookDelivery.endpoint_id == UUID(endpoint["id"]))
        return list(session.exec(query.order_by(col(WebhookDelivery.id))))


def change(sql: str, **given: Any) -> None:
    with Session(db.engine()) as session, session.begin():
        session.execute(text(sql), given)


def test_an_agency_is_told_that_its_payroll_was_filed(api: TestClient, receiver: Receiver, url: str) -> None:
    made = add(api, receiver, url, agency="tss")
    data = filed()
    happen(FILED, **data)
    deliver()
    [(webhook_id, said)] = receiver.taken
    assert said["type"] == FILED
    assert said["data"] == json.loads(json.dumps(data, default=str))
    [delivery] = deliveries(made)
    assert (str(delivery.id), delivery.state, delivery.last_answer) == (webhook_id, "delivered", "204")


def test_only_what_was_asked_for_and_only_ones_own_is_told(
    api: TestClient, receiver: Receiver, url: str
) -> None:
    ours, theirs = add(api, receiver, url, agency="tss"), add(api, None, url, agency="sisalril")
    every = add(api, None, url, events=[PAID, FILED])
    happen(FILED, **filed(agency="tss"))
    happen(PAID, **remitted())
    assert [one.event_name for one in deliveries(ours)] == [FILED]
    assert deliveries(theirs) == []
    assert [one.event_name for one in deliveries(every)] == [FILED, PAID]


def test_the_same_event_again_is_told_once(api: TestClient, receiver: Receiver, url: str) -> None:
    made = add(api, receiver, url)
    event = announced(FILED, filed())
    take(event)
    change("DELETE FROM inbox")
    take(event)
    assert len(deliveries(made)) == 1


def test_what_was_not_taken_is_tried_again_under_the_same_id_for_a_day(
    api: TestClient, receiver: Receiver, url: str
) -> None:
    made = add(api, receiver, url)
    happen(FILED, **filed())
    receiver.status = 503
    for attempt in (1, 2):
        deliver()
        [delivery] = deliveries(made)
        assert (delivery.state, delivery.attempt, delivery.last_answer) == ("queued", attempt, "503")
        change("UPDATE webhook_deliveries SET due_at = now() WHERE id = :id", id=delivery.id)
    assert len({webhook_id for webhook_id, _ in receiver.taken}) == 1
    late = clock.now() - RETRIED_FOR - timedelta(minutes=1)
    change("UPDATE webhook_deliveries SET started_at = :late WHERE id = :id", late=late, id=delivery.id)
    deliver()
    [delivery] = deliveries(made)
    assert (delivery.state, delivery.attempt, delivery.last_answer) == ("failed", 2, "expired")


def test_what_failed_is_replayed_under_the_same_id(api: TestClient, receiver: Receiver, url: str) -> None:
    made = add(api, receiver, url)
    happen(FILED, **filed())
    receiver.status = 400
    deliver()
    [delivery] = deliveries(made)
    assert (delivery.state, delivery.last_answer) == ("failed", "400")
    receiver.status = 204
    path = f"/api/gateway/v1/webhook-deliveries/{delivery.id}/replays"
    answer = api.post(path, headers=factories.headers(MANAGER))
    assert (answer.status_code, answer.json()["state"]) == (201, "queued")
    deliver()
    assert [one.state for one in deliveries(made)] == ["delivered"]
    assert {webhook_id for webhook_id, _ in receiver.taken} == {str(delivery.id)}
    # Also what arrived, when the receiver has lost it.
    api.post(path, headers=factories.headers(MANAGER))
    deliver()
    assert len(receiver.taken) == 3


def test_one_that_is_deactivated_is_told_nothing_more(
    api: TestClient, receiver: Receiver, url: str, session: Session
) -> None:
    made = add(api, receiver, url)
    happen(FILED, **filed())
    path = f"{ENDPOINTS}/{made['id']}/deactivations"
    for _ in range(2):
        answer = api.post(path, json={"reason": "No longer used"}, headers=factories.headers(MANAGER))
        assert (answer.status_code, answer.json()["state"]) == (201, "deactivated")
    happen(FILED, **filed())
    deliver()
    assert receiver.taken == []
    [delivery] = deliveries(made)
    assert (delivery.state, delivery.last_answer) == ("failed", "deactivated")
    replay = f"/api/gateway/v1/webhook-deliveries/{delivery.id}/replays"
    assert api.post(replay, headers=factories.headers(MANAGER)).status_code == 409
    noted = [entry.action for entry in audit.entries(session, subject_id=UUID(made["id"]))]
    assert noted == ["webhooks.deactivate", "webhooks.add"]


def test_nothing_goes_into_a_private_network(
    api: TestClient, receiver: Receiver, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = add(api, receiver, url)
    happen(FILED, **filed())
    monkeypatch.setenv("AMPARO_GATEWAY_PRIVATE_NETWORKS", "10.0.0.0/8")
    settings.settings.cache_clear()
    deliver()
    monkeypatch.undo()
    settings.settings.cache_clear()
    assert receiver.taken == []
    assert [one.last_answer for one in deliveries(made)] == ["private"]


def test_only_an_encrypted_address_is_taken_where_no_private_network_is_named(
    api: TestClient, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AMPARO_GATEWAY_PRIVATE_NETWORKS", "")
    settings.settings.cache_clear()
    body = {"name": "TSS", "url": "http://tss.example/hook", "events": [FILED]}
    answer = api.post(ENDPOINTS, json=body, headers=factories.headers(MANAGER))
    add(api, None, "https://tss.example/hook")
    monkeypatch.undo()
    settings.settings.cache_clear()
    assert (answer.status_code, answer.json()["type"]) == (422, "not-encrypted")


def test_the_workers_job_delivers(api: TestClient, receiver: Receiver, url: str, gateway: Database) -> None:
    add(api, receiver, url)
    happen(FILED, **filed())

    async def story() -> None:
        async with background(lambda: jobs.run(SecretStr(gateway.url))):
            await until(lambda: receiver.taken != [], seconds=20)

    asyncio.run(story())


def test_the_secret_is_told_once_and_kept_sealed(api: TestClient, receiver: Receiver, url: str) -> None:
    made = add(api, receiver, url)
    assert made["secret"].startswith("whsec_")
    listed = api.get(ENDPOINTS, params={"limit": 200}, headers=factories.headers(MANAGER))
    assert made["id"] in listed.text
    assert made["secret"] not in listed.text
    with Session(db.engine()) as session:
        kept = session.execute(
            text("SELECT string_agg(to_jsonb(e)::text, '') FROM webhook_endpoints e")
        ).scalar_one()
    assert made["secret"].removeprefix("whsec_") not in kept


def test_deliveries_are_listed(api: TestClient, receiver: Receiver, url: str) -> None:
    made = add(api, receiver, url)
    happen(FILED, **filed())
    path = f"{ENDPOINTS}/{made['id']}/deliveries"
    [item] = api.get(path, headers=factories.headers(MANAGER)).json()["items"]
    assert (item["event_name"], item["state"]) == (FILED, "queued")
    assert (
        api.get(f"{ENDPOINTS}/{new_id()}/deliveries", headers=factories.headers(MANAGER)).status_code == 404
    )


@pytest.mark.parametrize(
    "wrong",
    [
        {"url": "ftp://tss.example/"},
        {"url": "https://user:pass@tss.example/"},
        {"url": "https://tss.example:99999/"},
        {"url": "https:///nowhere"},
        {"url": "https://tss.example/a b"},
        {"url": "tss.example"},
        {"events": []},
        {"events": ["registry.member_enrolled.v1"]},
        {"events": ["contributions.payment_posted.v1"]},
        {"agency": "tss", "events": [PAID]},
        {"name": ""},
        {"more": 1},
    ],
)
def test_what_cannot_or_must_not_be_told_is_refused(api: TestClient, url: str, wrong: dict[str, Any]) -> None:
    body = {"name": "TSS", "url": url, "events": [FILED], **wrong}
    assert api.post(ENDPOINTS, json=body, headers=factories.headers(MANAGER)).status_code == 422


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", ENDPOINTS),
        ("GET", ENDPOINTS),
        ("POST", f"{ENDPOINTS}/{new_id()}/deactivations"),
        ("GET", f"{ENDPOINTS}/{new_id()}/deliveries"),
        ("POST", f"/api/gateway/v1/webhook-deliveries/{new_id()}/replays"),
    ],
)
def test_every_way_needs_its_right(api: TestClient, method: str, path: str) -> None:
    other = Principal(new_id(), "staff", frozenset({"messages:send", "messages:read"}))
    assert api.request(method, path).status_code == 401
    assert api.request(method, path, json={}, headers=factories.headers(other)).status_code == 403
