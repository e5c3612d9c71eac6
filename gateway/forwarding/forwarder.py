"""Forwarding one request: a bare ASGI application over `aiohttp`, since every hop counts here.

What the service answers goes back as it is, its refusals too. A request that may have reached the
service is never sent a second time from here; who sent it repeats it with the same Idempotency-Key.
"""

from typing import Any, NamedTuple

import aiohttp
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from yarl import URL

from gateway.admission import admit
from gateway.forwarding import headers
from gateway.forwarding.answers import MAYBE_DONE, give_back
from gateway.forwarding.bodies import AskerGone, Body, too_large
from gateway.forwarding.pool import Pool
from gateway.forwarding.problems import AnswerLost, NoSuchPath, PartTooSlow, PartUnavailable
from gateway.forwarding.routes import PREFIXES, Destination, destination
from gateway.settings import Settings
from services.kit import context
from services.kit.problems import Problem, answer, failure
from services.kit.telemetry import Observed

_UNDER = tuple(f"{prefix}/" for prefix in PREFIXES)
_BODILESS = {"GET", "HEAD"}
_METHODS = _BODILESS | {"POST", "PUT", "PATCH", "DELETE", "OPTIONS"}


class Route(NamedTuple):
    """What a request is called in metrics and logs, where no id belongs."""

    path: str


class Forwarder:
    """ASGI application that takes what lies under `PREFIXES`; everything else goes on to `app`.

    It stands before FastAPI, whose routing alone would cost as much as the forwarding.
    """

    def __init__(self, app: ASGIApp, settings: Settings, pool: Pool) -> None:
        self._app = app
        self._observed = Observed(self._answer, part="gateway", behind_gateway=False)
        self._pool = pool
        self._settings = settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_forwarded = scope["type"] == "http" and scope["path"].startswith(_UNDER)
        await (self._observed if is_forwarded else self._app)(scope, receive, send)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_started = False

        async def noting(message: Message) -> None:
            nonlocal is_started
            is_started = True
            await send(message)

        try:
            await self._forward(scope, receive, noting)
        except Exception as error:
            if is_started:
                raise  # all that can be done is to break off
            said = answer(error) if isinstance(error, Problem) else failure(error, route=scope["route"].path)
            await said(scope, receive, send)

    async def _forward(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Forward a request. Raises the problems to answer with, before anything is sent back."""
        to = destination(scope["raw_path"])
        scope["route"] = Route(to.pattern if to else "unrouted")  # its name in metrics
        if to is None or scope["method"] not in _METHODS:
            raise NoSuchPath("See /api/openapi.json for what is there.")
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
            await give_back(got, receive, send)
        finally:
            got.release()

    async def _body(self, scope: Scope, asked: headers.Asked, receive: Receive) -> tuple[Body | None, Any]:
        if scope["method"] in _BODILESS and not asked.content_length and not asked.is_chunked:
            return None, None
        # An agency's bill names every member at once: 30,000 lines are some megabytes of JSON.
        is_bulk = asked.is_upload or scope["path"].startswith("/agency/")
        bytes_max = self._settings.upload_bytes_max if is_bulk else self._settings.body_bytes_max
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
