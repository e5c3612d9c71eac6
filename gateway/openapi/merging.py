"""Making one OpenAPI document of several: each service's paths as they are asked for from outside.

Schemas and operations carry their part's name, since two parts may both have an `ApprovalOut`.
"""

from collections.abc import Mapping
from typing import Any

from gateway.roles import SCOPES
from gateway.settings import SERVICES

Document = dict[str, Any]

_REF = "#/components/schemas/"
_METHODS = {"get", "put", "post", "delete", "options", "head", "patch", "trace"}

DESCRIPTION = """\
A virtual employer: it registers workers who have no employer, collects what they contribute, pays it
to the State, and relays to them what the State sends.

Get a token at `/oauth/token` with client credentials, send it as `Authorization: Bearer …`. Amounts are
`{"amount": "12.34", "currency": "DOP"}`, periods `2026-07`. Lists are read with `?limit=&after=` and the
`Link` header. Refusals are RFC 9457 problem details. Whatever moves money or makes a person takes an
`Idempotency-Key`: the same key again has no second effect.
"""


def merge(own: Document, parts: Mapping[str, Document | None], *, url: str) -> Document:
    """The gateway's own document and its services'; a part whose document is None is left out and named."""
    merged: Document = {
        "openapi": own["openapi"],
        "info": {"title": "Amparo", "version": own["info"]["version"], "description": DESCRIPTION},
        "servers": [{"url": url}],
        "security": [{"oauth2": []}],
        "paths": {},
        "components": {"schemas": {}, "securitySchemes": {"oauth2": _security_scheme()}},
    }
    _add(merged, "gateway", own)
    for part, document in parts.items():
        if document is not None:
            _add(merged, part, document)
    if missing := sorted(part for part, document in parts.items() if document is None):
        merged["x-amparo-missing"] = missing
    return merged


def _add(merged: Document, part: str, document: Document) -> None:
    for path, operations in document.get("paths", {}).items():
        outside = _outside(part, path)
        if outside is not None:
            merged["paths"][outside] = _operations(part, operations)
    for name, schema in document.get("components", {}).get("schemas", {}).items():
        merged["components"]["schemas"][f"{part}.{name}"] = _named(part, schema)


def _outside(part: str, path: str) -> str | None:
    """The path of a part as it is asked for from outside; None for what is not forwarded."""
    if part == "gateway" or path.startswith("/agency/v1/"):
        return path
    return f"/api/{part}{path}" if path.startswith("/v1/") and part in SERVICES else None


def _operations(part: str, operations: Document) -> Document:
    changed: Document = _named(part, operations)
    for method, operation in changed.items():
        if method not in _METHODS:
            continue
        operation["tags"] = [f"{part}: {tag}" for tag in operation.get("tags", [part])]
        if "operationId" in operation:
            operation["operationId"] = f"{part}_{operation['operationId']}"
        # Open to everybody, or for whoever holds a token: there is one way to hold one.
        operation["security"] = [{"oauth2": []}] if operation.get("security") else []
    return changed


def _named(part: str, node: Any) -> Any:
    """The same, with every reference to a schema naming the part's own."""
    if isinstance(node, dict):
        return {key: _reference(part, key, value) for key, value in node.items()}
    return [_named(part, item) for item in node] if isinstance(node, list) else node


def _reference(part: str, key: str, value: Any) -> Any:
    if key == "$ref" and isinstance(value, str) and value.startswith(_REF):
        return f"{_REF}{part}.{value.removeprefix(_REF)}"
    if key == "mapping" and isinstance(value, dict):  # of a discriminator: references as plain text
        return {name: _reference(part, "$ref", target) for name, target in value.items()}
    return _named(part, value)


def _security_scheme() -> Document:
    granted = {scope: meaning for scope, meaning in SCOPES.items() if scope != "internal"}
    return {
        "type": "oauth2",
        "description": "A system's credentials; members of staff use /oauth/staff-token instead.",
        "flows": {"clientCredentials": {"tokenUrl": "/oauth/token", "scopes": granted}},
    }
