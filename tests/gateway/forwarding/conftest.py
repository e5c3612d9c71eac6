"""A gateway on a real port, and before it a service that tells what it was asked."""

import asyncio
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from starlette.types import Receive, Scope, Send

from deploy.databases import Database
from tests.gateway import servers


@dataclass
class Upstream:
    """A service as small as one can be. It answers with what it saw, and keeps it."""

    port: int = 0
    seen: list[dict[str, Any]] = field(default_factory=list)
    hung_up: asyncio.Event = field(default_factory=asyncio.Event)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["raw_path"].decode()
        if path == "/v1/early":
            await _answer(send, 409, b"{}")
            return
        size, body = 0, b""
        while (message := await receive())["type"] == "http.request":
            size += len(message["body"])
            body = body if size > 100_000 else body + message["body"]
            if not message["more_body"]:
                break
        else:
            self.seen.append({"path": path, "broke_off_after": size})
            return
        asked = {
            "method": scope["method"],
            "path": path,
            "query": scope["query_string"].decode(),
            "headers": {n.decode(): v.decode("latin-1") for n, v in scope["headers"]},
            "size": size,
            "body": body.decode("latin-1"),
        }
        self.seen.append(asked)
        await self._play(path, asked, receive, send)

    async def _play(self, path: str, asked: dict[str, Any], receive: Receive, send: Send) -> None:
        if path == "/v1/silent":
            await asyncio.sleep(3)
        elif path == "/v1/broken":
            raise ConnectionResetError
        elif path in ("/v1/large", "/v1/endless", "/v1/breaks-off"):
            await self._stream(path, receive, send)
        elif path == "/v1/nothing":
            await send({"type": "http.response.start", "status": 204, "headers": []})
            await send({"type": "http.response.body"})
        else:
            await _answer(send, 201, json.dumps(asked).encode())

    async def _stream(self, path: str, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        for _ in range(64 if path == "/v1/large" else 1_000_000):
            await send({"type": "http.response.body", "body": b"x" * 65536, "more_body": True})
            if path == "/v1/breaks-off":
                raise ConnectionResetError
            if path == "/v1/endless":
                await asyncio.sleep(0.005)
                gone = asyncio.ensure_future(receive())
                done, _ = await asyncio.wait([gone], timeout=0.001)
                gone.cancel()
                if done:
                    self.seen.append({"path": path, "asker_gone": True})
                    return
        await send({"type": "http.response.body", "body": b"end"})


async def _answer(send: Send, status: int, body: bytes) -> None:
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(body)).encode()),
        (b"link", b'<?after=1>; rel="next"'),
        (b"set-cookie", b"service=1"),
        (b"keep-alive", b"timeout=5"),
        (b"connection", b"x-hop"),
        (b"x-hop", b"one connection only"),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


@pytest.fixture(scope="module")
def upstream() -> Iterator[Upstream]:
    """The service before which the gateway stands."""
    service = Upstream()
    with servers.served(service) as port:
        service.port = port
        yield service


@pytest.fixture(scope="module")
def front(gateway: Database, upstream: Upstream, environment: pytest.MonkeyPatch) -> Iterator[int]:
    """The gateway's port; registry and contributions are the upstream, benefits is down."""
    from gateway import settings
    from gateway.app import create_app

    environment.setenv("AMPARO_REGISTRY_URL", f"http://127.0.0.1:{upstream.port}")
    environment.setenv("AMPARO_CONTRIBUTIONS_URL", f"http://127.0.0.1:{upstream.port}")
    environment.setenv("AMPARO_BENEFITS_URL", f"http://127.0.0.1:{servers.free_port()}")
    environment.setenv("AMPARO_GATEWAY_BODY_BYTES_MAX", "200000")
    environment.setenv("AMPARO_GATEWAY_UPLOAD_BYTES_MAX", "2000000")
    environment.setenv("AMPARO_GATEWAY_UPSTREAM_SECONDS_MAX", "1")
    settings.settings.cache_clear()
    with servers.served(create_app(), lifespan="on") as port:
        yield port
