"""Closed by default: every route of every service asks who is there, but for those that are named here."""

import re
from collections.abc import Iterator
from importlib import import_module
from uuid import uuid4

import pytest
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from fastapi.testclient import TestClient

from deploy.parts import PARTS, load
from services.kit.settings import kit_settings

SERVICES = [part for part in PARTS if part != "gateway"]

OPEN = {"/healthz", "/readyz", "/metrics", "/openapi.json"}
"""What machines look at; it tells nothing of anybody."""


@pytest.fixture(params=SERVICES)
def service(request: pytest.FixtureRequest) -> Iterator[FastAPI]:
    """A service's application, as it stands in production; its database is never reached."""
    part: str = request.param
    caches = [
        kit_settings,
        import_module(f"{PARTS[part]}.settings").settings,
        import_module(f"{PARTS[part]}.db").engine,
    ]
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv(f"AMPARO_{part.upper()}_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/nothing")
        environment.setenv(f"AMPARO_{part.upper()}_CLIENT_SECRET", "secret-for-tests")
        environment.setenv("AMPARO_NATS_URL", "nats://nobody@127.0.0.1:1")
        environment.setenv("AMPARO_SECRET_KEY", "dGVzdHMtb25seS10ZXN0cy1vbmx5LXRlc3RzLW9ubHk=")
        for cache in caches:
            cache.cache_clear()
        yield load(part, "api")()
        for cache in caches:
            cache.cache_clear()


def routes(app: FastAPI) -> list[tuple[str, str]]:
    """Method and path of every route, hidden ones too, with ids filled in."""
    found = []
    for route in iter_route_contexts(app.routes):
        assert route.path is not None
        assert route.methods, f"{route.path} is no plain route: how is it closed?"
        path = re.sub(r"\{\w+\}", str(uuid4()), route.path)
        found += [(method, path) for method in sorted(route.methods - {"HEAD"}) if path not in OPEN]
    return found


def test_every_route_asks_for_a_token(service: FastAPI) -> None:
    client = TestClient(service, raise_server_exceptions=False)
    walked = routes(service)
    assert len(walked) > 5
    asked = {f"{method} {path}": client.request(method, path) for method, path in walked}
    unasked = {route: answer.status_code for route, answer in asked.items() if answer.status_code != 401}
    assert unasked == {}
    assert {answer.headers["content-type"] for answer in asked.values()} == {"application/problem+json"}


def test_every_route_asks_for_a_right(service: FastAPI) -> None:
    from tests import tokens

    client = TestClient(service, raise_server_exceptions=False)
    nobody = tokens.headers(tokens.staff())
    asked = {
        f"{method} {path}": client.request(method, path, headers=nobody) for method, path in routes(service)
    }
    allowed = {route: answer.status_code for route, answer in asked.items() if answer.status_code != 403}
    assert allowed == {}
