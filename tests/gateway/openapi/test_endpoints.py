"""The merged OpenAPI: everything that can be asked, also while a part is down."""

from collections.abc import Iterator
from typing import Annotated, Any

import pytest
from fastapi import Depends, FastAPI
from fastapi.testclient import TestClient
from pydantic import BaseModel

from deploy.databases import Database
from gateway import settings
from gateway.openapi import endpoints
from services.kit.principals import Principal, requires
from tests.gateway import servers
from tests.gateway.conftest import URL


class Out(BaseModel):
    """What a service answers."""

    inner: "Inner"
    several: list["Inner"]


class Inner(BaseModel):
    """What stands in it."""

    name: str


def service() -> FastAPI:
    """A service with a public route, an agency's, an internal one and one for everybody."""
    app = FastAPI(title="Amparo registry")
    reader = Annotated[Principal, Depends(requires("members:read"))]

    @app.get("/v1/members/{member_id}", tags=["members"])
    def read_member(member_id: str, principal: reader) -> Out:
        raise NotImplementedError

    @app.get("/agency/v1/declarations")
    def list_declarations(principal: reader) -> Inner:
        raise NotImplementedError

    @app.get("/internal/events")
    def internal(principal: reader) -> Inner:
        raise NotImplementedError

    return app


@pytest.fixture(scope="module")
def registry() -> Iterator[int]:
    with servers.served(service()) as port:
        yield port


@pytest.fixture
def api(gateway: Database, registry: int, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    from gateway.app import create_app

    monkeypatch.setenv("AMPARO_REGISTRY_URL", f"http://127.0.0.1:{registry}")
    for part in ("CONTRIBUTIONS", "BENEFITS"):
        monkeypatch.setenv(f"AMPARO_{part}_URL", f"http://127.0.0.1:{servers.free_port()}")
    settings.settings.cache_clear()
    with TestClient(create_app(), base_url=URL) as client:
        yield client
    settings.settings.cache_clear()


def references(node: Any) -> set[str]:
    if isinstance(node, dict):
        own = {node["$ref"]} if isinstance(node.get("$ref"), str) else set()
        return own.union(*map(references, node.values()))
    return set().union(*map(references, node)) if isinstance(node, list) else set()


def test_one_document_tells_what_can_be_asked_from_outside(api: TestClient) -> None:
    document = api.get("/api/openapi.json").json()
    paths = document["paths"]
    assert {"/api/registry/v1/members/{member_id}", "/agency/v1/declarations"} <= set(paths)
    assert {"/oauth/token", "/.well-known/jwks.json", "/api/gateway/v1/approvals"} <= set(paths)
    assert not [path for path in paths if "internal" in path or path.startswith(("/admin", "/v1"))]
    assert document["servers"] == [{"url": URL}]
    operation = paths["/api/registry/v1/members/{member_id}"]["get"]
    assert operation["tags"] == ["registry: members"]
    assert operation["security"] == [{"oauth2": []}]
    assert paths["/oauth/token"]["post"]["security"] == []
    flow = document["components"]["securitySchemes"]["oauth2"]["flows"]["clientCredentials"]
    assert flow["tokenUrl"] == "/oauth/token"
    assert "members:read" in flow["scopes"]
    assert "internal" not in flow["scopes"]


def test_every_reference_leads_somewhere_and_every_operation_has_its_own_name(api: TestClient) -> None:
    document = api.get("/api/openapi.json").json()
    schemas = document["components"]["schemas"]
    assert {"registry.Out", "registry.Inner"} <= set(schemas)
    prefix = "#/components/schemas/"
    assert {found.removeprefix(prefix) for found in references(document)} <= set(schemas)
    named = [
        operation["operationId"]
        for operations in document["paths"].values()
        for operation in operations.values()
    ]
    assert len(named) == len(set(named))


def test_a_part_that_is_down_is_left_out_and_named(api: TestClient) -> None:
    document = api.get("/api/openapi.json").json()
    assert document["x-amparo-missing"] == ["benefits", "contributions"]


def test_a_part_that_goes_down_keeps_the_description_it_had(
    gateway: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    from gateway.app import create_app

    monkeypatch.setattr(endpoints, "MISSING_KEPT_SECONDS", 0.0)
    path = "/api/registry/v1/members/{member_id}"
    with servers.served(service()) as port:
        monkeypatch.setenv("AMPARO_REGISTRY_URL", f"http://127.0.0.1:{port}")
        settings.settings.cache_clear()
        client = TestClient(create_app(), base_url=URL)
        client.__enter__()
        assert path in client.get("/api/openapi.json").json()["paths"]
    assert path in client.get("/api/openapi.json").json()["paths"]
    client.__exit__(None, None, None)
    settings.settings.cache_clear()
