"""Forwarding one request: a bare ASGI application over `aiohttp`, since every hop counts here.

What the service answers goes back as it is, its refusals too. A request that may have reached the
service is never sent a second time from here; who sent it repeats it with the same Idempotency-Key.
"""

import asyncio
from types import SimpleNamespace
from typing import Any

import aiohttp
from starlette.types import ASGIApp, Receive, Scope, Send
from yarl import URL

from gateway.admission import admit
from gateway.forwarding import headers
from gateway.forwarding.bodies import AskerGone, Body, too_large
from gateway.forwarding.pool import Pool
from gateway.forwarding.problems import AnswerLost, NoSuchPath, PartTooSlow, PartUnavailable
from gateway.forwarding.routes import PREFIXES, Destination, destination
from gateway.settings import Settings
from services.kit import context
from services.kit.problems import Problem, answer

SMALL_ANSWER_BYTES_MAX = 64 * 1024
MAYBE_DONE = "What you asked for may have been done: ask again with the same Idempotency-Key."
_UNDER = tuple(f"{prefix}/" for prefix in PREFIXES)
_BODILESS = {"GET", "HEAD"}
_METHODS = _BODILESS | {"POST", "PUT", "PATCH", "DELETE", "OPTIONS"}


class Forwarder:
    """ASGI middleware that takes what lies under `PREFIXES`; everything else goes on to `app`.

    It stands before the router, which would cost as much as the forwarding itself.
    """

    def __init__(self, app: ASGIApp, settings: Settings, pool: Pool) -> None:
        self.app = app
        self._pool = pool
        self._settings = settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith(_UNDER):
            await self.app(scope, receive, send)
            return
        try:
            await self._forward(scope, receive, send)
        except Problem as problem:
            await answer(problem)(scope, receive, send)

    async def _forward(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Forward a request. Raises the problems to answer with, before anything is sent back."""
        to = destination(scope["raw_path"])
        if to is None or scope["method"] not in _METHODS:
            raise NoSuchPath("See /api/openapi.json for what is there.")
        scope["route"] = SimpleNamespace(path=to.pattern)  # its name in metrics
        asked = headers.read_request(scope["headers"])
        address = context.origin.get() or ""
        await admit(asked.authorization, address)
        asked.sent["X-Forwarded-For"] = address
        asked.sent["X-Request-Id"] = context.request_id.get() or ""
        try:
            body, data = await self._body(scope, asked, receive)
            got = await self._ask(scope, to, asked, body, data)
        except AskerGone:
            return
        try:
            await _give_back(got, receive, send)
        finally:
            got.release()

    async def _body(self, scope: Scope, asked: headers.Asked, receive: Receive) -> tuple[Body | None, Any]:
        if scope["method"] in _BODILESS and not asked.content_length and not asked.is_chunked:
            return None, None
        bytes_max = self._settings.upload_bytes_max if asked.is_upload else self._settings.body_bytes_max
        if (asked.content_length or 0) > bytes_max:
            raise too_large(bytes_max)
        body = Body(receive, bytes_max=bytes_max)
        return body, await body.data()

    async def _ask(
        self, scope: Scope, to: Destination, asked: headers.Asked, body: Body | None, data: Any
    ) -> aiohttp.ClientResponse:
        query = scope["query_string"]
        url = self._settings.url_of(to.service) + to.path.decode("ascii")
        if query:
            url = f"{url}?{query.decode('latin-1')}"
        if asked.content_length is not None and not isinstance(data, bytes | None):
            asked.sent["Content-Length"] = str(asked.content_length)
        try:
            return await self._pool.client().request(
                scope["method"],
                URL(url, encoded=True),
                data=data,
                headers=asked.sent,
                allow_redirects=False,
            )
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError):
            raise PartUnavailable(f"{to.service} cannot be reached; try again in a moment.") from None
        except TimeoutError:
            raise PartTooSlow(f"{to.service} was silent for too long.") from None
        except (aiohttp.ClientError, OSError):
            if body is not None and body.refusal is not None:
                raise body.refusal from None
            raise AnswerLost(MAYBE_DONE) from None


async def _give_back(got: aiohttp.ClientResponse, receive: Receive, send: Send) -> None:
    """Send an answer back: a small one in one piece, a large one as it comes."""
    start = {
        "type": "http.response.start",
        "status": got.status,
        "headers": headers.returned(got.raw_headers),
    }
    length = got.content_length
    if got.content.at_eof() or (length is not None and length <= SMALL_ANSWER_BYTES_MAX):
        try:
            content = await got.read()
        except (aiohttp.ClientError, TimeoutError):
            raise AnswerLost(MAYBE_DONE) from None
        await send(start)
        await send({"type": "http.response.body", "body": content})
        return
    await send(start)
    hang_up = asyncio.create_task(_hang_up(receive))
    try:
        async for chunk in got.content.iter_any():
            if hang_up.done():
                got.close()
                return
            await send({"type": "http.response.body", "body": chunk, "more_body": True})
        await send({"type": "http.response.body", "body": b""})
    finally:
        hang_up.cancel()


async def _hang_up(receive: Receive) -> None:
    """Returns when the asker hangs up, so that nothing is fetched for nobody."""
    while (await receive())["type"] != "http.disconnect":
        pass
