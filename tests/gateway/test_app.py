"""The gateway put together: no door stands open that should not, and none lets too much in."""

import json
import socket
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from fastapi.testclient import TestClient

from deploy.databases import Database
from gateway.admission import admit_opening, admit_request
from gateway.forwarding import Pool
from tests.gateway import servers

OPEN = {
    "/.well-known/jwks.json",
    "/oauth/token",
    "/oauth/staff-token",
    "/api/openapi.json",
    "/healthz",
    "/readyz",
    "/metrics",
}


@pytest.fixture(scope="module")
def app(gateway: Database) -> FastAPI:
    from gateway.app import create_inner_app

    return create_inner_app(Pool(silence_seconds_max=1))


def calls(dependant: Any) -> list[Any]:
    return [dependant.call, *(call for inner in dependant.dependencies for call in calls(inner))]


def routes(app: FastAPI) -> list[Any]:
    """Every route, with those of included routers as they are reached from outside."""
    return [context for context in iter_route_contexts(app.routes) if hasattr(context, "dependant")]


def test_every_route_of_the_api_names_a_principal_and_passes_the_door(app: FastAPI) -> None:
    seen = 0
    for route in routes(app):
        if not route.path.startswith("/api/gateway"):
            continue
        seen += 1
        named = calls(route.dependant)
        assert any(hasattr(call, "scopes") for call in named), f"{route.path} is open to everybody"
        assert admit_request in named, f"{route.path} does not pass the door"
    assert seen > 15


def test_what_is_open_is_listed(app: FastAPI) -> None:
    elsewhere = ("/api/gateway/", "/admin", "/r/", "/hooks/")  # with guards of their own
    outside = {route.path for route in routes(app) if not f"{route.path}/".startswith(elsewhere)}
    assert outside == OPEN


def test_tokens_are_asked_for_at_a_measured_pace(app: FastAPI) -> None:
    [route] = [route for route in routes(app) if route.path == "/oauth/token"]
    assert admit_opening in calls(route.dependant)


@pytest.mark.parametrize("path", ["/nothing", "/api/nothing", "/api/gateway/v1/nothing", "/docs", "/redoc"])
def test_what_is_not_there_is_a_problem_too(api: TestClient, path: str) -> None:
    answer = api.get(path)
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"


def test_machines_find_what_they_look_at(api: TestClient) -> None:
    assert api.get("/healthz").json() == {"status": "alive"}
    assert api.get("/readyz").json() == {"status": "ready"}
    assert "amparo_http_requests_total" in api.get("/metrics").text


def test_a_body_that_is_too_large_is_refused_before_it_is_read(api: TestClient) -> None:
    answer = api.post("/oauth/staff-token", content=b"x" * (4 * 1024 * 1024 + 1))
    assert (answer.status_code, answer.json()["type"]) == (413, "too-large")
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["x-request-id"]


def test_a_body_that_tells_no_length_is_counted_as_it_comes(app: FastAPI) -> None:
    piece = b"10000\r\n" + b"x" * 0x10000 + b"\r\n"
    with servers.served(app, lifespan="on") as port:
        form = {"Content_Type": "application/json", "Transfer_Encoding": "chunked"}
        short = servers.ask(port, "/oauth/staff-token", method="POST", body=b"2\r\n{}\r\n0\r\n\r\n", **form)
        assert short.status == 422
        with socket.create_connection(("127.0.0.1", port), timeout=20) as line:
            line.sendall(
                b"POST /oauth/staff-token HTTP/1.1\r\nHost: g\r\nContent-Type: application/json\r\n"
                b"Transfer-Encoding: chunked\r\n\r\n"
            )
            for _ in range(65):  # one more than fits, and no end
                line.sendall(piece)
            answer = line.recv(65536)
    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 413")
    assert json.loads(body)["type"] == "too-large"
