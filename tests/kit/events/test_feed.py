"""`/internal/events`: the outbox as other parts read it, and nobody else."""

import pytest
from fastapi.testclient import TestClient

from services.kit.app import new_app
from services.kit.db import session_edge
from services.kit.events import feed
from services.kit.principals import Principal
from tests import tokens
from tests.kit.events.stations import Station

NUMBER_ALL = (
    "UPDATE outbox SET number = position; UPDATE outbox_head SET number = (SELECT max(position) FROM outbox)"
)


@pytest.fixture
def api(alpha: Station, environment: None) -> TestClient:
    routes = feed.router(session_edge(lambda: alpha.engine))
    return TestClient(new_app("alpha", "For tests.", routes, engine=alpha.engine))


def ask(api: TestClient, principal: Principal | None = None, **params: int) -> dict[str, object]:
    headers = tokens.headers(principal or tokens.service())
    answer = api.get("/internal/events", params=params, headers=headers)
    assert answer.status_code == 200, answer.text
    shown: dict[str, object] = answer.json()
    return shown


def numbers(shown: dict[str, object]) -> list[int]:
    events = shown["events"]
    assert isinstance(events, list)
    return [int(event["sequence"]) for event in events]


def test_another_part_reads_on_from_a_number(api: TestClient, alpha: Station) -> None:
    alpha.sell(*range(5))
    alpha.run(NUMBER_ALL)
    shown = ask(api, after=1, limit=2)
    assert (shown["head"], shown["first"], numbers(shown)) == (5, 1, [2, 3])
    assert numbers(ask(api, after=3)) == [4, 5]
    assert numbers(ask(api, after=5)) == []


def test_without_a_limit_above_nought_only_the_reach_is_told(api: TestClient, alpha: Station) -> None:
    assert ask(api, limit=0) == {"head": 0, "first": 1, "events": []}
    alpha.sell(1, 2, 3)
    alpha.run(NUMBER_ALL)
    alpha.run("DELETE FROM outbox WHERE number = 1")
    assert ask(api, limit=0) == {"head": 3, "first": 2, "events": []}


def test_what_has_no_number_yet_is_not_told(api: TestClient, alpha: Station) -> None:
    alpha.sell(1)
    alpha.run(NUMBER_ALL)
    alpha.sell(2)
    assert numbers(ask(api)) == [1]


@pytest.mark.parametrize(
    ("principal", "status"),
    [
        (None, 401),
        (tokens.client("members:read"), 403),
        (tokens.staff("audit:read", "clients:manage", totp=True), 403),
    ],
)
def test_nobody_but_another_part_may_read(api: TestClient, principal: Principal | None, status: int) -> None:
    headers = tokens.headers(principal) if principal else {}
    refusal = api.get("/internal/events", headers=headers)
    assert refusal.status_code == status
    assert refusal.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("wrong", [{"after": -1}, {"limit": 1001}, {"limit": -1}, {"after": "x"}])
def test_a_question_of_the_wrong_shape_is_refused(api: TestClient, wrong: dict[str, int | str]) -> None:
    refusal = api.get("/internal/events", params=wrong, headers=tokens.headers(tokens.service()))
    assert refusal.status_code == 422
